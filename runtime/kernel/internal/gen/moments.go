package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// moments makes the loop of a step of Adam, as runtime/kernel/moments.go has it.
func (l *loops) moments() {
	l.begin("moments"+l.suffix(), "func(toW, toM, toV, w, m, v, g []float32, k *float32)", "is a step of Adam: a momentsLoop.")
	var pointers []reg.GPVirtual
	for _, name := range []string{"toW", "toM", "toV", "w", "m", "v", "g"} {
		pointers = append(pointers, l.fetch(l.argument(name).Base()))
	}
	numbers, left := l.load("k"), l.fetch(l.argument("toW").Len())
	l.do(x86.SUBQ(operand.U32(l.lanes()), left))
	l.do(x86.JLT(operand.LabelRef("vectorEnd")))
	l.label("vector")
	results := l.moment(numbers, func(i int) vector {
		v := l.vector()
		l.do(x86.VMOVUPS(operand.Mem{Base: pointers[3+i]}, v))
		return v
	})
	for i, v := range results {
		l.do(x86.VMOVUPS(v, operand.Mem{Base: pointers[i]}))
	}
	for _, p := range pointers {
		l.do(x86.ADDQ(operand.U32(4*l.lanes()), p))
	}
	l.do(x86.SUBQ(operand.U32(l.lanes()), left))
	l.do(x86.JGE(operand.LabelRef("vector")))
	l.label("vectorEnd")
	l.do(x86.ADDQ(operand.U32(l.lanes()), left))
	l.do(x86.JE(operand.LabelRef("end")))
	m := l.tailMask(l.assembler, left)
	results = l.moment(numbers, func(i int) vector {
		v := l.vector()
		l.loadTail(l.assembler, operand.Mem{Base: pointers[3+i]}, m, v)
		return v
	})
	for i, v := range results {
		l.storeTail(l.assembler, v, m, operand.Mem{Base: pointers[i]})
	}
	l.label("end")
	l.do(x86.VZEROUPPER())
	l.do(x86.RET())
}

// moment computes one vector of w', m' and v' from those of w, m, v and g.
func (l *loops) moment(numbers reg.GPVirtual, load func(int) vector) [3]vector {
	number := func(i int) vector {
		v := l.vector()
		l.do(x86.VBROADCASTSS(operand.Mem{Base: numbers, Disp: 4 * i}, v))
		return v
	}
	g := load(3)
	first := l.apply(x86.VMULPS, load(1), number(0))
	l.do(x86.VFMADD231PS(number(1), g, first))
	second := l.apply(x86.VMULPS, load(2), number(2))
	l.do(x86.VFMADD231PS(l.apply(x86.VMULPS, g, number(3)), g, second))
	root := l.apply(x86.VMULPS, second, number(4))
	l.do(x86.VSQRTPS(root, root))
	l.do(x86.VADDPS(number(5), root, root))
	step := l.apply(x86.VDIVPS, root, l.apply(x86.VMULPS, first, number(7)))
	l.do(x86.VFMADD231PS(load(0), number(6), step))
	return [3]vector{step, first, second}
}

package rewrite

import (
	"strconv"
	"strings"

	"ncd/compiler/diagram"
)

// ShareCommon makes boxes that compute the same from the same wires one box. Draws
// of chance are never the same, nor is what is made again on purpose.
func ShareCommon(d *diagram.Diagram) *diagram.Diagram {
	s := &sharer{numbers: map[*diagram.Wire]int{}, first: map[string]*diagram.Box{}, replaced: map[*diagram.Wire]*diagram.Wire{}}
	isResult := map[*diagram.Wire]bool{}
	for _, w := range d.Out {
		isResult[w] = true
	}
	for _, state := range d.States {
		isResult[state.Out] = true
	}
	shared := *d
	shared.Boxes = nil
	for _, b := range d.Boxes {
		b = s.reading(b)
		key, isPure := s.key(b)
		twin, found := s.first[key]
		if !isPure || found && isResult[b.Out[0]] {
			shared.Boxes = append(shared.Boxes, b)
			continue
		}
		if !found {
			s.first[key] = b
			shared.Boxes = append(shared.Boxes, b)
			continue
		}
		for i, w := range b.Out {
			s.replaced[w] = twin.Out[i]
		}
	}
	return &shared
}

type sharer struct {
	numbers  map[*diagram.Wire]int
	first    map[string]*diagram.Box
	replaced map[*diagram.Wire]*diagram.Wire
}

func (s *sharer) reading(b *diagram.Box) *diagram.Box {
	reading := *b
	reading.In = make([]*diagram.Wire, len(b.In))
	for i, w := range b.In {
		if twin, ok := s.replaced[w]; ok {
			w = twin
		}
		reading.In[i] = w
	}
	return &reading
}

func (s *sharer) number(w *diagram.Wire) int {
	n, ok := s.numbers[w]
	if !ok {
		n = len(s.numbers)
		s.numbers[w] = n
	}
	return n
}

// key is the same for two boxes just where they compute the same.
func (s *sharer) key(b *diagram.Box) (key string, isPure bool) {
	var k strings.Builder
	switch op := b.Op.(type) {
	case diagram.Map:
		for _, in := range op.Program {
			k.WriteString(string(in.Fn))
			if in.Fn == diagram.FnConstant {
				k.WriteString(in.Value.String())
			}
			writeInts(&k, in.Args...)
		}
		writeInts(&k, op.Results...)
	case diagram.Constant:
		k.WriteString(op.Value.String())
	case diagram.Contract, diagram.Reduce, diagram.Softmax, diagram.Take, diagram.Put, diagram.OneHot, diagram.Places:
	default:
		return "", false
	}
	if len(b.Out) != 1 || b.Again != "" {
		return "", false
	}
	k.WriteString(b.Op.Kind())
	for i, w := range b.In {
		writeInts(&k, s.number(w))
		writePort(&k, b.Weave.In[i])
	}
	writePort(&k, b.Weave.Out[0])
	for i := range len(b.Weave.Degree) + len(b.Weave.Own) {
		k.WriteString(" " + b.Weave.Index(i).Size.String())
	}
	writeInts(&k, len(b.Weave.Own))
	return k.String(), true
}

func writePort(k *strings.Builder, port []diagram.Affine) {
	for _, a := range port {
		if index, ok := a.Sole(); ok {
			writeInts(k, index)
			continue
		}
		k.WriteString("[" + a.Offset.String())
		for _, t := range a.Terms {
			writeInts(k, t.Index)
			k.WriteString("*" + t.Stride.String())
		}
		k.WriteString("]")
	}
	k.WriteString("|")
}

func writeInts(k *strings.Builder, list ...int) {
	for _, x := range list {
		k.WriteByte(' ')
		k.WriteString(strconv.Itoa(x))
	}
}

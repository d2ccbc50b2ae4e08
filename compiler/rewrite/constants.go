package rewrite

import (
	"slices"

	"ncd/compiler/diagram"
)

// FoldConstants takes constants into the boxes that read them: into the program of
// a Map as an instruction; a Map of nothing but known numbers becomes a Constant. A
// contraction keeps its constants as one scalar operand, and a 1 goes away where
// another operand is left.
func FoldConstants(d *diagram.Diagram) *diagram.Diagram {
	known := map[*diagram.Wire]diagram.Number{}
	isKnown := func(w *diagram.Wire) bool {
		_, ok := known[w]
		return ok
	}
	folded := *d
	folded.Boxes = nil
	for _, b := range d.Boxes {
		switch op := b.Op.(type) {
		case diagram.Constant:
			known[b.Out[0]] = op.Value
		case diagram.Map:
			if slices.ContainsFunc(b.In, isKnown) {
				b = foldMap(b, op, known)
			}
		case diagram.Contract:
			scalar, product := foldContract(b, known)
			b = product
			if scalar != nil && len(b.In) == 1 && isWhole(b.Weave) {
				value := scalar.Op.(diagram.Constant).Value
				known[b.Out[0]], scalar = value, nil
				b.Op, b.In, b.Weave.In = diagram.Constant{Value: value}, nil, nil
			}
			if scalar != nil {
				folded.Boxes = append(folded.Boxes, scalar)
			}
		}
		folded.Boxes = append(folded.Boxes, b)
	}
	return &folded
}

// foldMap writes constant inputs into the program, and the outcome of instructions
// whose arguments are all known.
func foldMap(b *diagram.Box, op diagram.Map, known map[*diagram.Wire]diagram.Number) *diagram.Box {
	p := diagram.NewProgram()
	registers := make([]int, len(b.In))
	for i, w := range b.In {
		if value, ok := known[w]; ok {
			registers[i] = p.Constant(value)
		} else {
			registers[i] = p.Input(i)
		}
	}
	results := p.Inline(op, registers)
	kept := *b
	kept.Op, kept.In, kept.Weave.In = assembled(p, results, b.In, b.Weave.In)
	if value, ok := p.Known(results[0]); ok && len(results) == 1 {
		known[b.Out[0]] = value
		kept.Op, kept.In, kept.Weave.In = diagram.Constant{Value: value}, nil, nil
	}
	return &kept
}

// assembled is a program's Map with the wires it reads of those it was written for.
func assembled(p *diagram.Program, results []int, in []*diagram.Wire, maps [][]diagram.Affine) (diagram.Map, []*diagram.Wire, [][]diagram.Affine) {
	op, ports := p.Assemble(results)
	wires, kept := make([]*diagram.Wire, len(ports)), make([][]diagram.Affine, len(ports))
	for i, port := range ports {
		wires[i], kept[i] = in[port], maps[port]
	}
	return op, wires, kept
}

// foldContract gathers the constant operands into one scalar. It returns the box
// that makes the scalar, or nil, and the contraction.
func foldContract(b *diagram.Box, known map[*diagram.Wire]diagram.Number) (scalar, product *diagram.Box) {
	factor, found := diagram.Literal(1), 0
	kept := *b
	kept.In, kept.Weave.In = nil, nil
	for i, w := range b.In {
		if value, ok := known[w]; ok {
			factor, found = times(factor, value), found+1
			continue
		}
		kept.In, kept.Weave.In = append(kept.In, w), append(kept.Weave.In, b.Weave.In[i])
	}
	if found == 0 || found == 1 && len(kept.In) > 0 && isScalarFactor(b.In, known) {
		return nil, b
	}
	if isOne(factor) && len(kept.In) > 0 {
		return nil, &kept
	}
	scalar = &diagram.Box{
		Op: diagram.Constant{Value: factor}, Out: []*diagram.Wire{{Span: b.Span}}, Weave: diagram.Weave{Out: [][]diagram.Affine{nil}},
		Path: b.Path, Within: b.Within, Span: b.Span, Pass: b.Pass,
	}
	kept.In, kept.Weave.In = append(kept.In, scalar.Out[0]), append(kept.Weave.In, nil)
	return scalar, &kept
}

// isScalarFactor reports whether the one known operand is a scalar already, and no 1.
func isScalarFactor(in []*diagram.Wire, known map[*diagram.Wire]diagram.Number) bool {
	return slices.ContainsFunc(in, func(w *diagram.Wire) bool {
		value, ok := known[w]
		return ok && len(w.Type.Axes) == 0 && !isOne(value)
	})
}

// isWhole reports whether the output has every index of the space once, so that
// nothing is summed.
func isWhole(w diagram.Weave) bool {
	_, ok := diagram.Permutation(w.Out[0], len(w.Degree)+len(w.Own))
	return ok
}

func isOne(n diagram.Number) bool {
	x, ok := n.Float()
	return ok && x == 1
}

func times(m, n diagram.Number) diagram.Number {
	switch {
	case isOne(m):
		return n
	case isOne(n):
		return m
	}
	return diagram.Arithmetic("*", m, n)
}

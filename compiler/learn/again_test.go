package learn

import (
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/lower"
)

// towered is a model of blocks one after another, each tanh of tanh of affine; where
// they are made again, nothing of them but what they make is kept.
func towered(blocks int, again bool) *diagram.Diagram {
	n := axis("n", 16)
	d := &diagram.Diagram{Name: "Towered", In: wires(wire("x", pixel))}
	x := affine(d, "affine.0", d.In[0], pixel, n)
	for i := range blocks {
		body := &diagram.Diagram{Name: "Block", In: wires(wire("x", n))}
		h := body.In[0]
		for range 4 {
			h = body.Add(newBox(diagram.Softmax{}, nil, axes(n), wires(tanh(body, h)), wires(wire("", n))))
		}
		body.Out = wires(h)
		b := newBox(diagram.Composite{Body: body, Again: again}, nil, axes(n), wires(x), wires(wire("", n)))
		b.Name = "block." + string(rune('0'+i))
		x = d.Add(b)
	}
	d.Out = wires(affine(d, "affine.1", x, n, class))
	return d
}

// TestWhatIsMadeAgainIsNotKept holds that a step whose parts are made again comes to
// the same, and in less memory.
func TestWhatIsMadeAgainIsNotKept(t *testing.T) {
	kept, again := compile(t, training(towered(8, false), nil)), compile(t, training(towered(8, true), nil))
	got, want := run(t, again, values(t, again)), run(t, kept, values(t, kept))
	for i, s := range kept.States {
		near(t, s.Path, got.States[i].Values, want.States[i].Values)
	}
	bytes := func(d *diagram.Diagram) int {
		p, err := lower.Lower(d, lower.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return p.Bytes()
	}
	if some, all := bytes(again), bytes(kept); some*5 > all*4 {
		t.Errorf("%d bytes where parts are made again, %d where all is kept", some, all)
	}
}

// TestTurnsAreMadeAgain does the same along a scan.
func TestTurnsAreMadeAgain(t *testing.T) {
	kept, again := recurring(4), recurring(4)
	for _, b := range again.Boxes {
		if op, ok := b.Op.(diagram.Scan); ok {
			op.Gradient.Policy = "checkpoint"
			b.Op = op
		}
	}
	with, without := compile(t, training(again, nil)), compile(t, training(kept, nil))
	if len(with.Boxes) <= len(without.Boxes) {
		t.Errorf("%d boxes, and %d where nothing is made again", len(with.Boxes), len(without.Boxes))
	}
	got, want := run(t, with, values(t, with)), run(t, without, values(t, without))
	for i, s := range without.States {
		near(t, s.Path, got.States[i].Values, want.States[i].Values)
	}
}

package rewrite

import (
	"cmp"
	"maps"
	"slices"

	"ncd/compiler/diagram"
)

// longest is how many instructions one program may have: beyond it the values in
// flight no longer stay near the processor.
const longest = 64

// FuseMaps joins Map boxes that hand each other numbers place by place into one box
// with one program, so that a wire between them needs no memory. A wire that is
// read elsewhere too becomes one more output. A box over fewer axes than its reader
// is left alone: it would be computed again at each place.
//
// Each box has a level above those of the boxes it reads. Boxes are joined only on
// one level, to which a group may be raised until a box outside has read it; so no
// way leads out of a group and back into it. A group stands where its last box
// stood, and keeps that one's span and name.
func FuseMaps(d *diagram.Diagram) *diagram.Diagram {
	f := &fuser{map[*diagram.Box]*group{}, map[*diagram.Wire]*group{}, map[*diagram.Wire]bool{}}
	for _, w := range d.Out {
		f.isResult[w] = true
	}
	for _, s := range d.States {
		f.isResult[s.Out] = true
	}
	for _, b := range d.Boxes {
		f.place(b)
	}
	fused := *d
	fused.Boxes = f.ordered(d.Boxes)
	return &fused
}

type fuser struct {
	of       map[*diagram.Box]*group
	maker    map[*diagram.Wire]*group
	isResult map[*diagram.Wire]bool
}

// group is boxes that become one.
type group struct {
	members []member
	length  int // of the program, before what is equal is shared
	level   int
	read    int    // lowest level of a box outside that reads it, or 0
	into    *group // the group it has been joined to, or nil
}

// member is a box of a group; index i of its space is index[i] of the group's.
type member struct {
	box   *diagram.Box
	index []int
	order int
}

func (f *fuser) makerOf(w *diagram.Wire) *group { return f.maker[w].root() }

func (f *fuser) groupOf(b *diagram.Box) *group { return f.of[b].root() }

func (g *group) root() *group {
	for g != nil && g.into != nil {
		g = g.into
	}
	return g
}

// place gives a box a level, and joins it with groups that it reads.
func (f *fuser) place(b *diagram.Box) {
	own := &group{members: []member{{b, numbers(0, len(b.Weave.Degree)), len(f.of)}}}
	if program, ok := b.Op.(diagram.Map); ok {
		own.length = len(program.Program)
		own = f.joined(own, f.aligned(b))
	} else {
		own.level, _ = f.levelOver(b, nil)
	}
	for _, w := range b.In {
		if g := f.makerOf(w); g != nil && g != own && (g.read == 0 || own.level < g.read) {
			g.read = own.level
		}
	}
	f.of[b] = own
	for _, w := range b.Out {
		f.maker[w] = own
	}
}

// levelOver is the lowest level a box can have if it joins these groups; ok says
// whether all of them can be raised to it.
func (f *fuser) levelOver(b *diagram.Box, joining []relation) (level int, ok bool) {
	level = 1
	for _, w := range b.In {
		g := f.makerOf(w)
		switch {
		case g == nil:
		case slices.ContainsFunc(joining, func(r relation) bool { return r.group == g }):
			level = max(level, g.level)
		default:
			level = max(level, g.level+1)
		}
	}
	return level, !slices.ContainsFunc(joining, func(r relation) bool { return !r.group.reaches(level) })
}

// reaches reports whether the group may be raised to a level.
func (g *group) reaches(level int) bool { return g.level == level || g.read == 0 || g.read > level }

// joined joins a box with as many groups as fit on one level and in one program.
func (f *fuser) joined(own *group, joining []relation) *group {
	b, length := own.members[0].box, own.length
	joining = slices.DeleteFunc(joining, func(r relation) bool {
		length += r.group.length
		isTooLong := length > longest
		if isTooLong {
			length -= r.group.length
		}
		return isTooLong
	})
	level, ok := f.levelOver(b, joining)
	for !ok {
		joining = slices.DeleteFunc(joining, func(r relation) bool { return !r.group.reaches(level) })
		level, ok = f.levelOver(b, joining)
	}
	own.level = level
	joining = append(joining, relation{own, own.members[0].index})
	base := slices.MaxFunc(joining, func(r, s relation) int { return cmp.Compare(len(r.group.members), len(s.group.members)) })
	for _, r := range joining {
		if r.group != base.group {
			base.group.take(r.group, r.index, base.index)
		}
	}
	base.group.level = level
	return base.group
}

// take moves the members of another group over. Index from[i] of its space is
// index to[i] of g's.
func (g *group) take(other *group, from, to []int) {
	place := make([]int, len(from))
	for i := range from {
		place[from[i]] = to[i]
	}
	for _, m := range other.members {
		index := make([]int, len(m.index))
		for i, old := range m.index {
			index[i] = place[old]
		}
		g.members = append(g.members, member{m.box, index, m.order})
	}
	g.length += other.length
	if g.read == 0 || other.read != 0 && other.read < g.read {
		g.read = other.read
	}
	other.into, other.members = g, nil
}

// relation says which index of a group's space each index of a box's is.
type relation struct {
	group *group
	index []int
}

// aligned lists the groups of Maps whose wires the box reads only place by place.
func (f *fuser) aligned(b *diagram.Box) []relation {
	var relations []relation
	for i, w := range b.In {
		g := f.makerOf(w)
		if g == nil || g.length == 0 {
			continue
		}
		index := f.alignment(b, i, g)
		known := slices.IndexFunc(relations, func(r relation) bool { return r.group == g })
		switch {
		case known < 0:
			relations = append(relations, relation{g, index})
		case !slices.Equal(relations[known].index, index):
			relations[known].index = nil
		}
	}
	return slices.DeleteFunc(relations, func(r relation) bool { return r.index == nil })
}

// alignment says which index of the group's space each index of a box's is, by
// the wire that it reads at a port; nil if they are not the same space.
func (f *fuser) alignment(b *diagram.Box, port int, g *group) []int {
	w := b.In[port]
	maker := g.members[slices.IndexFunc(g.members, func(m member) bool { return slices.Contains(m.box.Out, w) })]
	out := maker.box.Weave.Out[slices.Index(maker.box.Out, w)]
	made, ok := diagram.Permutation(out, len(maker.box.Weave.Degree))
	read, ok2 := diagram.Permutation(b.Weave.In[port], len(b.Weave.Degree))
	if !ok || !ok2 {
		return nil
	}
	index := make([]int, len(read))
	for axis := range read {
		index[read[axis]] = maker.index[made[axis]]
	}
	return index
}

// ordered lists the boxes, each behind those it reads and otherwise where the last
// box of its group stood.
func (f *fuser) ordered(boxes []*diagram.Box) []*diagram.Box {
	isLeaving := f.leaving(boxes)
	waiting := map[*group]int{}
	for _, b := range boxes {
		waiting[f.groupOf(b)]++
	}
	var ordered []*diagram.Box
	emitted := map[*group]bool{}
	var emit func(*group)
	emit = func(g *group) {
		if g == nil || emitted[g] {
			return
		}
		emitted[g] = true
		for _, m := range g.members {
			for _, w := range m.box.In {
				emit(f.makerOf(w))
			}
		}
		ordered = append(ordered, g.box(f, isLeaving))
	}
	for _, b := range boxes {
		g := f.groupOf(b)
		if waiting[g]--; waiting[g] == 0 {
			emit(g)
		}
	}
	return ordered
}

// leaving marks the wires that are read outside the group that makes them.
func (f *fuser) leaving(boxes []*diagram.Box) map[*diagram.Wire]bool {
	leaving := maps.Clone(f.isResult)
	for _, b := range boxes {
		for _, w := range b.In {
			if f.makerOf(w) != f.groupOf(b) {
				leaving[w] = true
			}
		}
	}
	return leaving
}

package lower

import (
	"cmp"
	"slices"

	"ncd/compiler/plan"
)

// accumulate takes additions out of maps where the memory of one term can come to
// hold the sum by itself:
//
//   - a matrix product adds to another term that is not needed again;
//   - terms that are zeros but for a part of their own (what is stacked, what is sent
//     back to slices) are written into one array, each into its place.
//
// A sum over the turns of an iteration so costs no more than its terms.
func (l *lowerer) accumulate() {
	j := &joining{lowerer: l, list: l.findUses(), names: newRenaming(len(l.p.Buffers)), dropped: map[int]bool{}, scattered: map[int]*scattered{}}
	for i, s := range l.p.Steps {
		if m, ok := s.Kernel.(plan.Map); ok {
			j.sums(i, m)
		}
	}
	j.names.apply(l)
	l.dropSteps(j.dropped)
}

// joining is the joining of terms while it goes on.
type joining struct {
	*lowerer
	list      []uses
	names     renaming
	dropped   map[int]bool
	scattered map[int]*scattered // buffers that have been found to be zeros but for some parts
}

// sums joins terms of every sum in a map, and drops the map if nothing is left of it.
func (j *joining) sums(i int, m plan.Map) {
	s := &j.p.Steps[i]
	joined := make([]bool, len(s.In))
	for _, ports := range sumsOf(m, len(s.In)) {
		ports = slices.DeleteFunc(ports, func(port int) bool { return !j.isTerm(i, port) })
		slices.SortStableFunc(ports, func(p, q int) int { return cmp.Compare(j.firstUse(s.In[p]), j.firstUse(s.In[q])) })
		var sums []int
		for _, port := range ports {
			term := s.In[port]
			joins := func(sum int) bool { return j.addProduct(i, s.In[sum], term) || j.addPart(i, s.In[sum], term) }
			if joined[port] = slices.ContainsFunc(sums, joins); !joined[port] {
				sums = append(sums, port)
			}
		}
	}
	if !slices.Contains(joined, true) {
		return
	}
	m = withoutTerms(m, joined)
	port := -1
	s.In = slices.DeleteFunc(slices.Clone(s.In), func(plan.View) bool { port++; return joined[port] })
	s.Kernel = m
	if len(m.Program) == 0 && len(s.Out) == 1 {
		j.dropCopy(i, s.In[0], s.Out[0])
	}
}

// sumsOf lists for each sum in a program the inputs that are terms of it and read
// nowhere else.
func sumsOf(m plan.Map, inputs int) [][]int {
	read := make([]int, inputs+len(m.Program))
	for _, in := range m.Program {
		for _, a := range in.Args {
			read[a]++
		}
	}
	for _, r := range m.Results {
		read[r]++
	}
	var sums [][]int
	of := make([]int, len(read)) // the sum that a register is a part of, from 1
	for k, in := range slices.Backward(m.Program) {
		if in.Fn != "add" {
			continue
		}
		sum := of[inputs+k]
		if sum == 0 {
			sums = append(sums, nil)
			sum = len(sums)
		}
		for _, a := range in.Args {
			if read[a] != 1 {
				continue
			}
			if of[a] = sum; a < inputs {
				sums[sum-1] = append(sums[sum-1], a)
			}
		}
	}
	return sums
}

// withoutTerms is a program without some inputs, each of which is a term of a sum.
func withoutTerms(m plan.Map, joined []bool) plan.Map {
	made := plan.Map{Dims: m.Dims}
	var place []int // of each register; -1: gone
	inputs := 0
	for _, isGone := range joined {
		if isGone {
			place = append(place, -1)
		} else {
			place = append(place, inputs)
			inputs++
		}
	}
	for _, in := range m.Program {
		args := make([]int, len(in.Args))
		for i, a := range in.Args {
			args[i] = place[a]
		}
		if gone := slices.Index(args, -1); gone >= 0 {
			place = append(place, args[1-gone])
			continue
		}
		place = append(place, inputs+len(made.Program))
		made.Program = append(made.Program, plan.Instr{Fn: in.Fn, Args: args, Value: in.Value})
	}
	for _, r := range m.Results {
		made.Results = append(made.Results, place[r])
	}
	return made
}

// isTerm reports whether an input of step i is all of a temporary, which the step
// reads once and writes not.
func (j *joining) isTerm(i, port int) bool {
	s := j.p.Steps[i]
	buffer := j.names.of(s.In[port].Buffer)
	if !j.isTemporary(buffer) || !j.isWholeIn(s.In[port], s.Kernel.(plan.Map).Dims) {
		return false
	}
	for n, v := range s.In {
		if n != port && j.names.of(v.Buffer) == buffer {
			return false
		}
	}
	return !slices.ContainsFunc(s.Out, func(v plan.View) bool { return j.names.of(v.Buffer) == buffer })
}

func (j *joining) firstUse(v plan.View) int { return j.list[j.names.of(v.Buffer)].first() }

// addProduct lets the product that makes a term add to the memory of a sum, if it may:
// what holds the sum so far is written before it, and then read by step i alone.
func (j *joining) addProduct(i int, sum, term plan.View) bool {
	x, t := j.names.of(sum.Buffer), j.names.of(term.Buffer)
	if !liesAs(sum, term) || j.p.Buffers[t].Len() != j.p.Buffers[x].Len() {
		return false
	}
	if !slices.Equal(j.list[t].reads, []int{i}) || len(j.list[t].writes) != 1 {
		return false
	}
	at := j.list[t].writes[0]
	g, ok := j.p.Steps[at].Kernel.(plan.Gemm)
	if !ok || g.Relu || g.Accumulate || len(j.p.Steps[at].In) > 2 {
		return false
	}
	if j.list[x].last() != i || j.list[x].lastBefore(i) >= at || j.list[x].first() >= at {
		return false
	}
	g.Accumulate = true
	j.p.Steps[at].Kernel = g
	j.names[t] = x
	j.list[x].writes = append(j.list[x].writes, at)
	delete(j.scattered, x)
	return true
}

// dropCopy makes step i, which has come to only copy, superfluous if it may.
func (j *joining) dropCopy(i int, from, to plan.View) {
	x, o := j.names.of(from.Buffer), j.names.of(to.Buffer)
	if !j.isTemporary(o) || !liesAs(from, to) || j.p.Buffers[o].Len() != j.p.Buffers[x].Len() {
		return
	}
	if j.list[o].first() != i || j.list[x].last() != i {
		return
	}
	j.dropped[i], j.names[o] = true, x
	isHere := func(step int) bool { return step == i }
	j.list[x].reads = append(slices.DeleteFunc(j.list[x].reads, isHere), j.list[o].reads...)
	j.list[x].writes = append(j.list[x].writes, slices.DeleteFunc(j.list[o].writes, isHere)...)
	delete(j.scattered, x)
}

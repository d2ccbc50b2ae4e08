package data

import (
	"slices"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// readCharacters reads a text as windows of characters.
func readCharacters(r *reader, req Request) (*Splits, error) {
	from, err := r.lookup.find(req.path())
	if err != nil {
		return nil, err
	}
	text, err := r.plainText(from)
	if err != nil {
		return nil, err
	}
	tokens, names := charactersOf(text)
	return windows(stream{tokens, names, from.shown, "characters"}, req)
}

// charactersOf is a text as places among its distinct characters, in their order.
func charactersOf(text string) (tokens *tensor.Tensor, names []string) {
	place := map[rune]int32{}
	length := 0
	for _, c := range text {
		place[c] = 0
		length++
	}
	var alphabet []rune
	for c := range place {
		alphabet = append(alphabet, c)
	}
	slices.Sort(alphabet)
	for i, c := range alphabet {
		place[c] = int32(i)
		names = append(names, string(c))
	}
	places := make([]int32, 0, length)
	for _, c := range text {
		places = append(places, place[c])
	}
	return narrowed(places, len(names)), names
}

// narrowed keeps places in bytes where bytes suffice.
func narrowed(places []int32, count int) *tensor.Tensor {
	if count > 256 {
		return tensor.Of(places, nil, len(places))
	}
	bytes := make([]uint8, len(places))
	for i, p := range places {
		bytes[i] = uint8(p)
	}
	return tensor.Of(bytes, nil, len(bytes))
}

// stream is a running text.
type stream struct {
	tokens *tensor.Tensor // places among names, along one axis
	names  []string
	from   string
	unit   string // what it consists of, for messages
}

// windows parts a stream into training, validation and test text and makes windows
// of each. No window reaches from one part into another.
func windows(s stream, req Request) (*Splits, error) {
	n := s.tokens.Len()
	train := n - portion(n, req.number("test"))
	validation := train
	train -= portion(train, req.number("validation"))
	splits := &Splits{}
	for _, part := range []struct {
		name     string
		set      **Set
		from, to int
		step     int
	}{
		{"train", &splits.Train, 0, train, req.whole("stride")},
		{"validate", &splits.Validation, train, validation, req.whole("context")},
		{"test", &splits.Test, validation, n, req.whole("context")},
	} {
		if part.from == part.to && part.name != "train" {
			continue
		}
		if part.to-part.from <= req.whole("context") {
			return nil, fault.New(fault.BadData, s.from, "has %d %s to %s on, wanted are more than the context, %d", part.to-part.from, s.unit, part.name, req.whole("context")).
				Mend("take a smaller context or a longer text")
		}
		*part.set = s.windows(part.from, part.to, part.step, req.whole("context"))
	}
	return splits, nil
}

// windows is the windows of a part of the stream, and the same one token on.
func (s stream) windows(from, to, step, size int) *Set {
	count := (to-from-size-1)/step + 1
	column := func(name string, first int) Column {
		c := Column{Field: Field{Name: name, Axes: []string{"s"}, Dims: []int{size}, IsPlaces: true, Places: len(s.names)}}
		c.Values, c.Unit, c.Names = s.tokens, 1, s.names
		c.Windows = &Windows{first, step, count}
		return c
	}
	return &Set{[]Column{column("tokens", from), column("next", from+1)}}
}

package shape

// Fold says a size in other terms: as the node of a graph, as the words of another
// language. It hands numbers and letters to the first two, and what is made of them,
// with the operator or function ("+", "*", "/", "ceil", "floor", "min", "max", "^"),
// to the last.
func Fold[T any](s Size, number func(int) T, letter func(string) T, apply func(function string, x, y T) T) T {
	f := folding[T]{number, letter, apply}
	return f.size(s)
}

type folding[T any] struct {
	number func(int) T
	letter func(string) T
	apply  func(function string, x, y T) T
}

func (f folding[T]) size(s Size) T {
	if s.IsZero() {
		return f.number(0)
	}
	terms := s.ordered()
	sum := f.term(terms[0])
	for _, t := range terms[1:] {
		sum = f.apply("+", sum, f.term(t))
	}
	return sum
}

func (f folding[T]) term(t term) T {
	if len(t.factors) == 0 {
		return f.number(t.coefficient)
	}
	product := f.power(t.factors[0])
	for _, x := range t.factors[1:] {
		product = f.apply("*", product, f.power(x))
	}
	if t.coefficient != 1 {
		product = f.apply("*", f.number(t.coefficient), product)
	}
	return product
}

func (f folding[T]) power(x factor) T {
	base := f.atom(x.atom)
	power := base
	for range x.exponent - 1 {
		power = f.apply("*", power, base)
	}
	return power
}

func (f folding[T]) atom(a *atom) T {
	if a.function == "" {
		return f.letter(a.key)
	}
	return f.apply(a.function, f.size(a.args[0]), f.size(a.args[1]))
}

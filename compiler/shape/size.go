// Package shape is the vocabulary of arrays: sizes, axes, the ordered axes of a
// wire, and the unification of sizes that were left open.
//
// It imports nothing of ours: the checker, both intermediate representations and
// the renderer speak it. Sizes are polynomials with integer coefficients in a
// normal form, so a diagram of the library is checked once with letters and
// again with numbers, by the same code.
package shape

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Size is how many places an axis has: a polynomial with integer coefficients
// over letters and over the atoms that no polynomial can say (a quotient that
// must come out whole, ceil, min, max, a power of a letter). It is immutable and
// in a normal form; the zero Size is 0.
type Size struct {
	terms []term // sorted by key, no zero coefficient
}

// term is coefficient · Π atomᵉˣᵖᵒⁿᵉⁿᵗ.
type term struct {
	coefficient int
	factors     []factor // sorted by the atom's key, exponents at least 1
}

type factor struct {
	atom     *atom
	exponent int
}

// atom is a letter, or a function of sizes that the normal form cannot open.
type atom struct {
	key      string // the letter, or the function written out
	function string // "", "/", "ceil", "floor", "min", "max", "^"
	args     []Size
}

// Int is the size n.
func Int(n int) Size { return monomial(n) }

// Letter is the size named by a letter. Letters that start with '?' are open:
// unification may settle them.
func Letter(name string) Size {
	return monomial(1, factor{&atom{key: name}, 1})
}

func monomial(coefficient int, factors ...factor) Size {
	if coefficient == 0 {
		return Size{}
	}
	return Size{[]term{{coefficient, factors}}}
}

// Add is s + t.
func (s Size) Add(t Size) Size {
	byKey := map[string]term{}
	for _, x := range slices.Concat(s.terms, t.terms) {
		key := x.key()
		x.coefficient += byKey[key].coefficient
		byKey[key] = x
	}
	var sum Size
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		if byKey[key].coefficient != 0 {
			sum.terms = append(sum.terms, byKey[key])
		}
	}
	return sum
}

// Sub is s - t.
func (s Size) Sub(t Size) Size { return s.Add(t.Mul(Int(-1))) }

// Mul is s · t. A quotient times its own divisor gives the dividend back, so
// h*(m/h) is m.
func (s Size) Mul(t Size) Size {
	var product Size
	for _, x := range s.terms {
		for _, y := range t.terms {
			product = product.Add(x.times(y).reduced())
		}
	}
	return product
}

// Div is s / t, which must come out whole: where it cannot be divided out it
// stays a quotient, and that it is whole becomes a fact. Div panics if t is 0.
func (s Size) Div(t Size) Size {
	if t.IsZero() {
		panic("shape: division by zero")
	}
	if s.IsZero() || s.Equal(t) {
		return Int(min(1, len(s.terms)))
	}
	if len(t.terms) == 1 {
		if q, ok := s.dividedBy(t.terms[0]); ok {
			return q
		}
	}
	if a, rest, ok := s.soleQuotient(); ok {
		if by := a.args[1].Mul(t); !by.IsZero() { // 0: more than a whole number holds
			return rest.Mul(a.args[0]).Div(by)
		}
	}
	return call("/", s, t)
}

// soleQuotient splits a size that is one term with one quotient in it.
func (s Size) soleQuotient() (quotient *atom, rest Size, ok bool) {
	if len(s.terms) != 1 {
		return nil, Size{}, false
	}
	for i, f := range s.terms[0].factors {
		if f.atom.function == "/" && f.exponent == 1 {
			others := slices.Delete(slices.Clone(s.terms[0].factors), i, i+1)
			return f.atom, monomial(s.terms[0].coefficient, others...), true
		}
	}
	return nil, Size{}, false
}

// Ceil is s / t rounded up. It panics if t is 0.
func (s Size) Ceil(t Size) Size { return rounded("ceil", s, t, (s.constant() + t.constant() - 1)) }

// Floor is s / t rounded down. It panics if t is 0.
func (s Size) Floor(t Size) Size { return rounded("floor", s, t, s.constant()) }

func rounded(function string, s, t Size, dividend int) Size {
	if t.IsZero() {
		panic("shape: division by zero")
	}
	if len(t.terms) == 1 {
		if q, ok := s.dividedBy(t.terms[0]); ok {
			return q
		}
	}
	if s.IsInt() && t.IsInt() {
		return Int(floorDiv(dividend, t.constant()))
	}
	return call(function, s, t)
}

// Min is the smaller of s and t.
func (s Size) Min(t Size) Size { return extreme("min", s, t, func(d int) bool { return d <= 0 }) }

// Max is the larger of s and t.
func (s Size) Max(t Size) Size { return extreme("max", s, t, func(d int) bool { return d >= 0 }) }

func extreme(function string, s, t Size, isFirst func(difference int) bool) Size {
	if d := s.Sub(t); d.IsInt() {
		if isFirst(d.constant()) {
			return s
		}
		return t
	}
	if s.String() > t.String() {
		s, t = t, s
	}
	return call(function, s, t)
}

// Pow is s to the power t; a negative number as exponent has no size.
func (s Size) Pow(t Size) Size {
	if !t.IsInt() {
		return call("^", s, t)
	}
	power := Int(1)
	for range t.constant() {
		power = power.Mul(s)
	}
	return power
}

func call(function string, args ...Size) Size {
	words := make([]string, len(args))
	for i, a := range args {
		words[i] = a.String()
	}
	key := function + "[" + strings.Join(words, ", ") + "]"
	if function == "/" || function == "^" {
		key = args[0].operand() + function + args[1].operand()
	}
	return monomial(1, factor{&atom{key, function, args}, 1})
}

// operand is the size as it stands beside / or ^.
func (s Size) operand() string {
	if len(s.terms) == 1 {
		t := s.terms[0]
		if t.coefficient == 1 && len(t.factors) == 1 && t.factors[0].exponent == 1 && t.factors[0].atom.function == "" || len(t.factors) == 0 {
			return s.String()
		}
	}
	return "(" + s.String() + ")"
}

// IsZero reports whether s is 0.
func (s Size) IsZero() bool { return len(s.terms) == 0 }

// IsInt reports whether s is a number.
func (s Size) IsInt() bool {
	return s.IsZero() || len(s.terms) == 1 && len(s.terms[0].factors) == 0
}

// Int returns the number s is, and whether it is one.
func (s Size) Int() (int, bool) { return s.constant(), s.IsInt() }

// MustInt is the number s is; it panics if letters are left in it.
func (s Size) MustInt() int {
	if !s.IsInt() {
		panic("shape: size " + s.String() + " is not a number")
	}
	return s.constant()
}

// constant is the term without letters.
func (s Size) constant() int {
	for _, t := range s.terms {
		if len(t.factors) == 0 {
			return t.coefficient
		}
	}
	return 0
}

// Equal reports whether s and t are the same polynomial.
func (s Size) Equal(t Size) bool {
	return slices.EqualFunc(s.terms, t.terms, func(x, y term) bool {
		return x.coefficient == y.coefficient && x.key() == y.key()
	})
}

// Letters lists the letters of s, sorted, those inside quotients included.
func (s Size) Letters() []string {
	seen := map[string]bool{}
	s.visit(func(a *atom) {
		if a.function == "" {
			seen[a.key] = true
		}
	})
	return slices.Sorted(maps.Keys(seen))
}

func (s Size) visit(f func(*atom)) {
	for _, t := range s.terms {
		for _, x := range t.factors {
			f(x.atom)
			for _, a := range x.atom.args {
				a.visit(f)
			}
		}
	}
}

// Replace puts sizes in the place of letters; letters for which it answers
// false stay. A quotient that turns out not to be whole stays a quotient of
// numbers: Check finds it.
func (s Size) Replace(letter func(string) (Size, bool)) Size {
	var sum Size
	for _, t := range s.terms {
		product := Int(t.coefficient)
		for _, f := range t.factors {
			product = product.Mul(f.atom.replace(letter).Pow(Int(f.exponent)))
		}
		sum = sum.Add(product)
	}
	return sum
}

func (a *atom) replace(letter func(string) (Size, bool)) Size {
	if a.function == "" {
		if s, ok := letter(a.key); ok {
			return s
		}
		return Letter(a.key)
	}
	x, y := a.args[0].Replace(letter), a.args[1].Replace(letter)
	if y.IsZero() && (a.function == "/" || a.function == "ceil" || a.function == "floor") {
		return call(a.function, x, y)
	}
	switch a.function {
	case "/":
		return x.Div(y)
	case "ceil":
		return x.Ceil(y)
	case "floor":
		return x.Floor(y)
	case "min":
		return x.Min(y)
	case "max":
		return x.Max(y)
	}
	return x.Pow(y)
}

// Check says what is wrong with a size that should be a number by now: a letter
// that is left, a quotient that is not whole, a size below 0.
func (s Size) Check() error {
	if !s.IsInt() {
		if letters := s.Letters(); len(letters) > 0 {
			return fmt.Errorf("%s is not known", strings.Join(letters, ", "))
		}
		return fmt.Errorf("%s does not come out whole", s)
	}
	if s.constant() < 0 {
		return fmt.Errorf("%s is less than nothing", s)
	}
	return nil
}

// String writes the size as the language does: 4*m, m/h, p/2 + 1.
func (s Size) String() string {
	if s.IsZero() {
		return "0"
	}
	var b strings.Builder
	for i, t := range s.ordered() {
		sign, t := "", t
		if t.coefficient < 0 {
			sign, t.coefficient = "-", -t.coefficient
		}
		if i > 0 {
			sign = map[string]string{"": " + ", "-": " - "}[sign]
		}
		b.WriteString(sign + t.String())
	}
	return b.String()
}

// MarshalJSON writes a number, or what String writes while letters are left.
func (s Size) MarshalJSON() ([]byte, error) {
	if n, ok := s.Int(); ok {
		return strconv.AppendInt(nil, int64(n), 10), nil
	}
	return strconv.AppendQuote(nil, s.String()), nil
}

// ordered puts the number last, as people write polynomials.
func (s Size) ordered() []term {
	terms := slices.Clone(s.terms)
	slices.SortStableFunc(terms, func(x, y term) int {
		return min(1, len(y.factors)) - min(1, len(x.factors))
	})
	return terms
}

func (t term) String() string {
	var words []string
	if t.coefficient != 1 || len(t.factors) == 0 {
		words = append(words, strconv.Itoa(t.coefficient))
	}
	for _, f := range t.factors {
		word := f.atom.key
		if f.exponent > 1 {
			word += "^" + strconv.Itoa(f.exponent)
		}
		words = append(words, word)
	}
	if len(words) > 1 {
		return strings.Join(words, "*")
	}
	return words[0]
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

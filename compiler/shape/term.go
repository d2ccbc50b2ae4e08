package shape

import (
	"slices"
	"strconv"
	"strings"
)

func (t term) key() string {
	var b strings.Builder
	for _, f := range t.factors {
		b.WriteString(f.atom.key + "^" + strconv.Itoa(f.exponent) + " ")
	}
	return b.String()
}

func (t term) times(u term) term {
	product := term{t.coefficient * u.coefficient, slices.Clone(t.factors)}
	for _, f := range u.factors {
		i, found := slices.BinarySearchFunc(product.factors, f, byAtom)
		if found {
			product.factors[i].exponent += f.exponent
		} else {
			product.factors = slices.Insert(product.factors, i, f)
		}
	}
	return product
}

func byAtom(f, g factor) int { return strings.Compare(f.atom.key, g.atom.key) }

// reduced cancels each quotient of the term against the rest of it.
func (t term) reduced() Size {
	for i, f := range t.factors {
		if f.atom.function != "/" || len(f.atom.args[1].terms) != 1 {
			continue
		}
		rest := term{t.coefficient, slices.Clone(t.factors)}
		if rest.factors[i].exponent--; f.exponent == 1 {
			rest.factors = slices.Delete(rest.factors, i, i+1)
		}
		divisor := f.atom.args[1].terms[0]
		common := rest.common(divisor)
		if common.coefficient == 1 && len(common.factors) == 0 {
			continue
		}
		rest, _ = rest.dividedBy(common)
		divisor, _ = divisor.dividedBy(common)
		return f.atom.args[0].Div(Size{[]term{divisor}}).Mul(Size{[]term{rest}})
	}
	return monomial(t.coefficient, t.factors...)
}

// common is the greatest common divisor of two terms.
func (t term) common(u term) term {
	divisor := term{coefficient: gcd(t.coefficient, u.coefficient)}
	for _, f := range t.factors {
		if i, found := slices.BinarySearchFunc(u.factors, f, byAtom); found {
			divisor.factors = append(divisor.factors, factor{f.atom, min(f.exponent, u.factors[i].exponent)})
		}
	}
	return divisor
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, -a)
}

// dividedBy divides without a rest, or answers false.
func (t term) dividedBy(u term) (term, bool) {
	if t.coefficient%u.coefficient != 0 {
		return term{}, false
	}
	quotient := term{t.coefficient / u.coefficient, slices.Clone(t.factors)}
	for _, f := range u.factors {
		i, found := slices.BinarySearchFunc(quotient.factors, f, byAtom)
		if !found || quotient.factors[i].exponent < f.exponent {
			return term{}, false
		}
		if quotient.factors[i].exponent -= f.exponent; quotient.factors[i].exponent == 0 {
			quotient.factors = slices.Delete(quotient.factors, i, i+1)
		}
	}
	return quotient, true
}

func (s Size) dividedBy(u term) (Size, bool) {
	var quotient Size
	for _, t := range s.terms {
		q, ok := t.dividedBy(u)
		if !ok {
			return Size{}, false
		}
		quotient = quotient.Add(Size{[]term{q}})
	}
	return quotient, true
}

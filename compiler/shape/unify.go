package shape

import "strings"

// Unifier settles open letters (those that start with '?') from equations
// between sizes. The zero Unifier is ready for use.
type Unifier struct {
	settled map[string]Size
	opened  int
}

// Open makes a size that is not known yet. The hint is what it is called in
// messages while it is open.
func (u *Unifier) Open(hint string) Size {
	u.opened++
	return Letter("?" + hint + strings.Repeat("'", u.opened))
}

// Resolve replaces every letter that has been settled.
func (u *Unifier) Resolve(s Size) Size {
	for {
		resolved := s.Replace(func(letter string) (Size, bool) {
			t, ok := u.settled[letter]
			return t, ok
		})
		if resolved.Equal(s) {
			return s
		}
		s = resolved
	}
}

// Unify makes s and t equal by settling an open letter where one is left, and
// reports whether they are equal now.
func (u *Unifier) Unify(s, t Size) bool {
	difference := u.Resolve(s).Sub(u.Resolve(t))
	if difference.IsZero() {
		return true
	}
	for i, x := range difference.terms {
		if !x.isOpen() || x.coefficient != 1 && x.coefficient != -1 {
			continue
		}
		rest := Size{append(append([]term{}, difference.terms[:i]...), difference.terms[i+1:]...)}
		value := rest.Mul(Int(-x.coefficient))
		letter := x.factors[0].atom.key
		if strings.Contains(strings.Join(value.Letters(), " ")+" ", letter+" ") {
			continue
		}
		if u.settled == nil {
			u.settled = map[string]Size{}
		}
		u.settled[letter] = value
		return true
	}
	return false
}

func (t term) isOpen() bool {
	return len(t.factors) == 1 && t.factors[0].exponent == 1 && strings.HasPrefix(t.factors[0].atom.key, "?")
}

// IsOpen reports whether a letter of s waits to be settled.
func (s Size) IsOpen() bool {
	for _, letter := range s.Letters() {
		if strings.HasPrefix(letter, "?") {
			return true
		}
	}
	return false
}

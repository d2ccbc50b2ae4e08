package typeset

import (
	"strings"
	"unicode"
)

// symbols are the commands that stand for one sign.
var symbols = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ",
	"eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
	"xi": "ξ", "omicron": "ο", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
	"upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
	"Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
	"Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
	"times": "×", "cdot": "⋅", "oplus": "⊕", "otimes": "⊗", "star": "⋆", "ast": "∗",
	"sum": "∑", "ldots": "…", "cdots": "⋯", "le": "≤", "ge": "≥", "ne": "≠", "in": "∈",
	"to": "→", "infty": "∞", "partial": "∂", "nabla": "∇", "mathbbE": "𝔼", "quad": " ",
	"max": "max", "min": "min",
}

// greek are the names that an identifier may have for a Greek letter.
var greek = func() map[string]bool {
	names := map[string]bool{}
	for name, letter := range symbols {
		r := []rune(letter)
		names[name] = len(r) == 1 && unicode.Is(unicode.Greek, r[0])
	}
	return names
}()

// Name is the formula for an identifier of a program: `x'` keeps its primes,
// `k_1` and `k1` get a subscript, `alpha` becomes the letter, and a word is set as a
// word.
func Name(identifier string) string {
	stem := strings.TrimRight(identifier, "'")
	primes := identifier[len(stem):]
	if base, index, ok := strings.Cut(stem, "_"); ok && base != "" && index != "" && !strings.Contains(index, "_") {
		if isNumber(index) || len([]rune(index)) == 1 {
			return word(base) + "_{" + index + "}" + primes
		}
	}
	if letter := []rune(stem); len(letter) > 1 && unicode.IsLetter(letter[0]) && isNumber(string(letter[1:])) {
		return string(letter[:1]) + "_{" + string(letter[1:]) + "}" + primes
	}
	return word(stem) + primes
}

func word(s string) string {
	switch {
	case greek[s]:
		return `\` + s + " "
	case len([]rune(s)) <= 1, isNumber(s):
		return s
	}
	return `\mathit{` + strings.ReplaceAll(s, "_", `\_`) + "}"
}

func isNumber(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// resolve is the face and rune that show a character in a cut of letters.
func resolve(r rune, cut letters) (Face, rune) {
	switch cut {
	case sans:
		return SansFace, r
	case sansBold:
		return SansBoldFace, r
	case italic:
		if unicode.Is(unicode.Latin, r) || r == '_' {
			return ItalicFace, r
		}
	case slanted:
		return MathFace, slant(r)
	case bold:
		return MathFace, embolden(r)
	}
	return MathFace, sign(r)
}

// sign is the mathematical form of a character that is no letter.
func sign(r rune) rune {
	switch r {
	case '-':
		return '−'
	case '*':
		return '∗'
	}
	return r
}

// slant is the slanted letter of Unicode's mathematical alphabet.
func slant(r rune) rune {
	switch {
	case r == 'h': // Planck's constant had the place first
		return 'ℎ'
	case 'A' <= r && r <= 'Z':
		return 0x1d434 + r - 'A'
	case 'a' <= r && r <= 'z':
		return 0x1d44e + r - 'a'
	case 'α' <= r && r <= 'ω':
		return 0x1d6fc + r - 'α'
	}
	return sign(r)
}

// embolden is the bold upright letter or figure.
func embolden(r rune) rune {
	switch {
	case 'A' <= r && r <= 'Z':
		return 0x1d400 + r - 'A'
	case 'a' <= r && r <= 'z':
		return 0x1d41a + r - 'a'
	case '0' <= r && r <= '9':
		return 0x1d7ce + r - '0'
	}
	return sign(r)
}

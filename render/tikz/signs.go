package tikz

import (
	"strings"
	"unicode"
)

// accents are the commands that put something above the next atom.
var accents = map[string]string{"bar": `\overline`, "overline": `\overline`, "hat": `\hat`}

// cuts are the commands that set the next atom in other letters.
var cuts = map[string]string{
	"mathbf": `\mathbf`, "mathrm": `\mathrm`, "mathit": `\mathit`, "mathsf": `\mathsf`, "text": `\mathrm`,
}

// spellings are commands of the subset that LaTeX by itself does not have.
var spellings = map[string]string{"omicron": "o", "mathbbE": expectation}

// expectation is an E with a double stem, without the fonts of the American
// Mathematical Society.
const expectation = `\mathrm{I\mkern-3.6mu E}`

// signs are characters by the commands that show them.
var signs = map[rune]string{
	'α': "alpha", 'β': "beta", 'γ': "gamma", 'δ': "delta", 'ε': "epsilon", 'ζ': "zeta", 'η': "eta", 'θ': "theta",
	'ι': "iota", 'κ': "kappa", 'λ': "lambda", 'μ': "mu", 'ν': "nu", 'ξ': "xi", 'π': "pi", 'ρ': "rho", 'σ': "sigma",
	'τ': "tau", 'υ': "upsilon", 'φ': "phi", 'χ': "chi", 'ψ': "psi", 'ω': "omega",
	'Γ': "Gamma", 'Δ': "Delta", 'Θ': "Theta", 'Λ': "Lambda", 'Ξ': "Xi", 'Π': "Pi", 'Σ': "Sigma", 'Υ': "Upsilon",
	'Φ': "Phi", 'Ψ': "Psi", 'Ω': "Omega",
	'×': "times", '⋅': "cdot", '·': "cdot", '⊕': "oplus", '⊗': "otimes", '⋆': "star", '∗': "ast", '∑': "sum",
	'…': "ldots", '⋯': "cdots", '≤': "le", '≥': "ge", '≠': "ne", '∈': "in", '→': "to", '∞': "infty", '∂': "partial",
	'÷': "div", '±': "pm", '∘': "circ", '⊙': "odot", '⊖': "ominus", '≈': "approx", '∼': "sim", '√': "surd",
	'∪': "cup", '∩': "cap", '∧': "wedge", '∨': "vee", '¬': "neg", '⟨': "langle", '⟩': "rangle", '∥': "parallel",
	'←': "leftarrow", '↦': "mapsto", '⊤': "top", '⊥': "bot", 'ℓ': "ell", '∀': "forall", '∃': "exists", '∏': "prod",
	'∇': "nabla", '′': "prime", '\\': "backslash", '~': "sim", '^': "wedge", '|': "vert",
}

// known are the commands of the subset that LaTeX has by the same name.
var known = func() map[string]bool {
	names := map[string]bool{"quad": true, "max": true, "min": true}
	for _, name := range signs {
		names[name] = true
	}
	return names
}()

// unknown stands for a character that LaTeX cannot be trusted to have.
const unknown = `\rule{0.5em}{0.7em}`

// mathSign is a character in a formula.
func mathSign(c rune) string {
	switch c {
	case '#', '$', '%', '&', '_', '{', '}':
		return `\` + string(c)
	case '−':
		return "-"
	case '"':
		return `\mbox{"}`
	case ' ', '\u00a0': // asked for by a backslash, or one that holds a line together
		return `\ `
	case 'ο':
		return "o"
	case '𝔼':
		return expectation
	}
	if name, ok := signs[c]; ok {
		return `\` + name + " "
	}
	switch {
	case ' ' < c && c <= unicode.MaxASCII:
		return string(c)
	case isLatin(c):
		return `\mbox{` + string(c) + "}"
	}
	return unknown
}

// isLatin reports whether LaTeX's first fonts have a letter: those of western
// Europe, without the Icelandic ones.
func isLatin(c rune) bool {
	return unicode.IsLetter(c) && 'À' <= c && c <= 'ÿ' && !strings.ContainsRune("ÐðÞþ", c)
}

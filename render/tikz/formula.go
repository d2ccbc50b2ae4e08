package tikz

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// formula turns a label of the TeX subset that package typeset sets into a
// formula that LaTeX takes as it is. It keeps what both understand the same way,
// and mends what only typeset takes: braces that do not close, scripts one after
// another, signs by themselves, commands that there are not.
func formula(text string) string {
	r := reader{rest: text}
	return r.row(0)
}

// reader reads the subset from left to right.
type reader struct {
	rest  string
	words bool // inside a cut of letters where spaces count
}

func (r *reader) row(until rune) string {
	var b strings.Builder
	for r.rest != "" {
		if c, _ := utf8.DecodeRuneInString(r.rest); c == until {
			break
		}
		b.WriteString(r.scripted())
	}
	return b.String()
}

// scripted reads one atom with its primes and scripts. TeX takes one of each,
// primes first.
func (r *reader) scripted() string {
	body := r.atom()
	var primes, super, sub string
	for {
		switch {
		case strings.HasPrefix(r.rest, "'"):
			primes, r.rest = primes+"'", r.rest[1:]
		case strings.HasPrefix(r.rest, "^"):
			r.rest = r.rest[1:]
			super += r.argument()
		case strings.HasPrefix(r.rest, "_"):
			r.rest = r.rest[1:]
			sub += r.argument()
		default:
			return body + primes + script("^", super) + script("_", sub)
		}
	}
}

func script(sign, text string) string {
	if text == "" {
		return ""
	}
	return sign + "{" + text + "}"
}

func (r *reader) atom() string {
	if r.rest == "" {
		return "{}"
	}
	c, n := utf8.DecodeRuneInString(r.rest)
	r.rest = r.rest[n:]
	switch c {
	case '{':
		return "{" + r.group() + "}"
	case '\\':
		return r.command()
	case ' ':
		if r.words {
			return `\ `
		}
		return ""
	}
	return mathSign(c)
}

// group reads on to the brace that closes, or to the end.
func (r *reader) group() string {
	text := r.row('}')
	r.rest = strings.TrimPrefix(r.rest, "}")
	return text
}

// argument is the next atom, for one who puts braces about it.
func (r *reader) argument() string {
	if strings.HasPrefix(r.rest, "{") {
		r.rest = r.rest[1:]
		return r.group()
	}
	return r.atom()
}

func (r *reader) command() string {
	name := commandName(r.rest)
	if name == "" { // a sign by itself, as in \_
		c, n := utf8.DecodeRuneInString(r.rest)
		r.rest = r.rest[n:]
		if n == 0 {
			return mathSign('\\')
		}
		return mathSign(c)
	}
	r.rest = strings.TrimLeft(r.rest[len(name):], " ")
	if accent, ok := accents[name]; ok {
		return accent + "{" + r.argument() + "}"
	}
	if cut, ok := cuts[name]; ok {
		before := r.words
		r.words = true
		text := r.argument()
		r.words = before
		return cut + "{" + text + "}"
	}
	if spelling, ok := spellings[name]; ok {
		return spelling
	}
	if known[name] {
		return `\` + name + " "
	}
	return `\mathrm{\backslash ` + name + "}"
}

func commandName(s string) string {
	end := strings.IndexFunc(s, func(c rune) bool { return !unicode.IsLetter(c) || c > unicode.MaxASCII })
	if end < 0 {
		return s
	}
	return s[:end]
}

// words turns the text of a title into LaTeX outside of formulas.
func words(text string) string {
	var b strings.Builder
	for _, c := range text {
		switch {
		case strings.ContainsRune("#%&_", c):
			b.WriteString(`\` + string(c))
		case strings.ContainsRune(`<>|\^~"{}$`, c), c > unicode.MaxASCII && !isLatin(c):
			b.WriteString("$" + mathSign(c) + "$")
		case c == '-' && strings.HasSuffix(b.String(), "-"): // no dash made of two
			b.WriteString("{}-")
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

package circuit

import (
	"testing"

	"ncd/compiler/diagram"
)

// Formulas have the parentheses they need and no others, signs are commands that end
// before the letter behind them, and squares are squares of what they stand at.
func TestFormulas(t *testing.T) {
	x := wire("x", "n")
	s := &step{box: &diagram.Box{In: []*diagram.Wire{x, wire("g", "n")}}}
	cases := []struct {
		name string
		of   func(p *diagram.Program, x, g int) int
		want string
	}{
		{"a product in a product", func(p *diagram.Program, x, g int) int {
			return p.Apply(diagram.FnMul, g, p.Apply(diagram.FnMul, p.Constant(diagram.Literal(2)), x))
		}, `g\times 2\times x`},
		{"a difference in a product", func(p *diagram.Program, x, g int) int {
			return p.Apply(diagram.FnMul, g, p.Apply(diagram.FnSub, p.Constant(diagram.Literal(1)), p.Apply(diagram.FnSquare, x)))
		}, `g\times (1-x^{2})`},
		{"the square of a sum", func(p *diagram.Program, x, g int) int {
			return p.Apply(diagram.FnSquare, p.Apply(diagram.FnAdd, x, g))
		}, `(x+g)^{2}`},
		{"a difference taken away", func(p *diagram.Program, x, g int) int {
			return p.Apply(diagram.FnSub, x, p.Apply(diagram.FnSub, g, x))
		}, `x-(g-x)`},
		{"what is negative is added", func(p *diagram.Program, x, g int) int {
			return p.Apply(diagram.FnAdd, x, p.Apply(diagram.FnNeg, g))
		}, `x-g`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := diagram.NewProgram()
			m, _ := p.Assemble([]int{c.of(p, p.Input(0), p.Input(1))})
			terms := inputTerms(s)
			if len(m.Program) == 0 {
				t.Fatal("nothing is computed")
			}
			for _, in := range m.Program {
				terms = append(terms, instruction(in, terms))
			}
			if got := terms[m.Results[0]].text; got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// A mask says its condition as the author did.
func TestConditions(t *testing.T) {
	in := []*diagram.Wire{wire("u", "y", "x"), wire("", "y"), wire("", "x")}
	s := &step{box: &diagram.Box{In: in}}
	p := diagram.NewProgram()
	y, x := p.Input(1), p.Input(2)
	not := func(r int) int { return p.Apply(diagram.FnSub, p.Constant(diagram.Literal(1)), r) }
	upTo := not(p.Apply(diagram.FnGreater, x, y))
	near := p.Apply(diagram.FnLess, p.Apply(diagram.FnSub, y, x), p.Constant(diagram.Literal(3)))
	cases := []struct {
		name      string
		condition int
		want      string
	}{
		{"and", p.Apply(diagram.FnMin, upTo, near), `x\le y\mathrm{\ and\ }y-x<3`},
		{"or inside and", p.Apply(diagram.FnMin, upTo, p.Apply(diagram.FnMax, near, upTo)),
			`x\le y\mathrm{\ and\ }(y-x<3\mathrm{\ or\ }x\le y)`},
		{"not", not(p.Apply(diagram.FnMin, upTo, near)), `\mathrm{not\ }(x\le y\mathrm{\ and\ }y-x<3)`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			u := p.Apply(diagram.FnSelect, c.condition, p.Input(0), p.Constant(diagram.Literal(0)))
			m, _ := p.Assemble([]int{u})
			condition := m.Program[len(m.Program)-1].Args[0]
			if got := conditionText(condition, m, s); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

package resolve

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/stdlib"
)

func standard(t *testing.T) *Library {
	t.Helper()
	trees := map[string]*grammar.Program{}
	names, _ := fs.Glob(stdlib.Files, "*.ncd")
	for _, name := range names {
		text, err := fs.ReadFile(stdlib.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		trees[strings.TrimSuffix(name, ".ncd")], _ = grammar.Parse(&source.File{Name: "std/" + name, Text: string(text)})
	}
	return NewLibrary(trees)
}

// marked takes the marks « and » out of a text, and says where they stood.
func marked(text string) (plain string, spans [][2]int) {
	for {
		before, rest, found := strings.Cut(text, "«")
		plain += before
		if !found {
			return plain, spans
		}
		word, after, _ := strings.Cut(rest, "»")
		spans = append(spans, [2]int{len(plain), len(plain) + len(word)})
		plain, text = plain+word, after
	}
}

// TestSymbols holds that all marked places, and no others, are of one symbol.
func TestSymbols(t *testing.T) {
	library := standard(t)
	for _, c := range []struct{ name, text string }{
		{"a wire", "diagram A(«x»[m]) -> [m] {\n    «x» = «x» + («x» >> relu)\n    «x»\n}\n\ndiagram B(x[m]) -> [m] { x }\n"},
		{"an axis and its primes", "diagram A(x[«s» m]) -> [«s» m] {\n    y = x >> [«s» -> «s»']\n    w[«s» «s»'] = x[«s» m] * y[«s»' m]\n    w >> softmax[«s»' where «s»' <= «s»] >> sum[«s»'] >> spread[m:3]\n}\n"},
		{"an axis with the name of a wire", "diagram A(x[«x» y]) -> [«x»] {\n    x >> sum[y] >> softmax[«x»]\n}\n"},
		{"a wire with the name of an axis", "diagram A(«x»[x y]) -> [x] {\n    «x» >> sum[y] >> softmax[x]\n}\n"},
		{"a parameter that sizes an axis", "diagram A[«h» = 8, k = m/«h»](x[m]) -> [«h» k] { x >> linear[m -> «h» k] }\n\ndiagram B(x[m]) -> [h k] { x >> A[«h» = 4] }\n"},
		{"an axis bound in a call", "diagram A(x[«m»]) -> [«m»] { x >> softmax[«m»] }\n\ndiagram B(x[s m]) -> [s m] { x >> A[«m» = s] }\n"},
		{"an axis of the file", "axis «class» = 3\n\ndiagram A(x[m]) -> [«class»] { x >> affine[m -> «class»] }\n\ntrain {\n    data x[m], label in «class» = digits[\"digits8x8\"]\n    model net = A\n    loss (x >> net, label) >> cross_entropy[«class»]\n}\n"},
		{"a diagram", "diagram «A»(x[m]) -> [m] { x }\n\ndiagram B(x[m]) -> [m] { x >> «A» >> residual[«A»] }\n\nfigure { diagram «A» }\n\ntrain {\n    model net = B\n    rule net: backprop over «A»\n    group net.«a».0: rate * 2\n}\n"},
		{"a part of a model", "diagram Stem(x[m]) -> [m] {\n    «first» = x >> affine[m -> m]\n    «first»\n}\n\ndiagram Net(x[m]) -> [m] {\n    stem = x >> Stem\n    stem\n}\n\ntrain {\n    model net = Net\n    group net.stem.«first»: rate * 2\n    freeze net.stem.«first»\n}\n"},
		{"a parameter that stands for a box", "diagram A[«act» = relu](x[m]) -> [m] { x >> «act» }\n\ndiagram B(x[m]) -> [m] { x >> A[«act» = tanh] }\n"},
		{"a parameter handed on by its name", "diagram A[«time» = 8](x[m]) -> [t m] { x >> spread[t:«time»] }\n\ndiagram B[time = 3](x[m]) -> [t m] { x >> A[«time» = time] }\n"},
		{"a slot", "diagram A(x[m]) -> [m] {\n    for i in 1..2 { save «C»[i] = x }\n    load «C»[1]\n}\n"},
		{"a letter of a loop", "diagram A(x[m]) -> [m] {\n    for «i» in 1..2 {\n        save C[«i»] = x\n        x = load C[«i»] * 2^«i»\n    }\n    x\n}\n"},
		{"a letter of an equation", "diagram A(x[p]) -> [«q» u] {\n    T[«q» u:3] = x[2*«q» + u]\n    T\n}\n"},
		{"a const", "const «wide» = 3\n\ndiagram A[n = «wide»](x[m]) -> [m k] { x >> spread[k:n * «wide»] }\n"},
		{"a bound box", "diagram A(x[m]) -> [m] {\n    «f» = linear[m -> m]\n    x >> «f» >> «f»\n}\n"},
		{"a box handed over", "diagram A(x[t m]) -> [t m] {\n    «f» = linear[m -> m]\n    x >> each[t, frozen[«f»]]\n}\n"},
		{"a state", "diagram A(state «v»[n], x[n]) -> [n] {\n    «v» = «v» + x\n    «v»\n}\n\ndiagram B(x[t n]) -> [t n] { x >> scan[t, A] }\n"},
		{"what goes backward", "diagram A(u[]) -> [] { u >> step } reverse(«g»[]) { «g» / (1 + u) }\n"},
		{"a phase", "rule r {\n    phase «real» { image = image }\n    objective = (y@«real» >> square >> sum[a..])\n}\n"},
		{"a weight of a rule's box", "rule r {\n    at linear(«w»[i.. o..], x[i..]) -> y[o..] {\n        fixed B like «w»\n        change «w»[i.. o..] = y[o..] * x[i..] - «w»[i.. o..]\n        send nothing\n    }\n}\n"},
		{"a parameter of a rule", "rule r[«scale» = 1.0] { signal = «scale» * error }\n\ntrain {\n    rule r[«scale» = 0.5]\n}\n"},
		{"data", "train {\n    data «image»[m], label in k = digits[\"digits8x8\"] >> crop[m, size = 3]\n    model net = A\n    scores = «image» >> net\n}\n"},
		{"a wire of a test", "test \"it\" {\n    «w» = normal[y:3] >> softmax[y]\n    expect «w» : [y:3]\n    expect «w» ~ 1 within 1e-6\n}\n"},
		{"a wire with the name of a box", "diagram A(«gain»[m]) -> [m] {\n    «gain» >> gain[m]\n}\n"},
		{"`p..`", "diagram A[«p».., c.. -> d..](x[«p».. c..]) -> [«p».. d..] { x >> linear[c.. -> d..] >> softmax[«p»..] }\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, want := marked(c.text)
			tree, _ := grammar.Parse(&source.File{Name: "a.ncd", Text: text})
			list := NewFile(tree, library).Mentions()
			m, found := At(list, want[0][0])
			if !found {
				t.Fatalf("nothing stands at the first mark")
			}
			var got [][2]int
			for _, other := range list {
				if other.Symbol == m.Symbol {
					got = append(got, [2]int{other.Span.Start, other.Span.End})
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("of %v %s: %v, not %v", m.Space, m.Name, got, want)
			}
		})
	}
}

func TestSymbolsOfOthers(t *testing.T) {
	library := standard(t)
	for _, c := range []struct {
		at    string
		space Space
	}{
		{"softmax", Primitive}, {"layernorm", Declared}, {"epsilon", Axis}, {"frozen", Primitive}, {"error", Given}, {"signal", Given},
		{"cosine", Declared}, {"nobody", Unknown},
	} {
		tree, _ := grammar.Parse(&source.File{Name: "a.ncd", Text: `
diagram A(x[m]) -> [m] { x >> softmax[m] >> layernorm[m, epsilon = 1] >> linear[m -> m, frozen = true] >> nobody }

rule r { signal = error }

train { optimizer adam[rate = cosine[0.1]] }
`})
		m, found := At(NewFile(tree, library).Mentions(), strings.Index(tree.File.Text, c.at))
		if !found || m.Space != c.space || m.Name != c.at {
			t.Errorf("%s is %+v, not of space %d", c.at, m.Symbol, c.space)
		}
	}
}

// TestLibrary holds that no name of the library is left without a meaning.
func TestLibrary(t *testing.T) {
	library := standard(t)
	names, _ := fs.Glob(stdlib.Files, "*.ncd")
	for _, name := range names {
		text, _ := fs.ReadFile(stdlib.Files, name)
		tree, _ := grammar.Parse(&source.File{Name: "std/" + name, Text: string(text)})
		for _, m := range NewFile(tree, library).Mentions() {
			if m.Space == Unknown {
				line, _ := tree.File.Position(m.Span.Start)
				t.Errorf("%s:%d: `%s` means nothing", name, line, m.Name)
			}
		}
	}
}

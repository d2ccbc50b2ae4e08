package plan

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Print writes the text form of a plan: what tests compare and `ncd dump` shows.
// Buffers are numbered; a view is a buffer's number with its strides.
//
//	plan step float32, 1234 numbers, 128 places
//	  %0 weight hidden.weight [px:784 h:512] at 0, uniform 0.0357
//	  %1 input x [batch:128 px:784] at 401408
//	  …
//	  0 gemm [] 128×512 over [] 784: %1(784 1) %0(512 1) -> %4(512 1) — hidden, affine, forward
func Print(w io.Writer, p *Plan) {
	fmt.Fprintf(w, "plan %s %s, %d numbers, %d places\n", p.Name, p.Float, p.Numbers, p.Places)
	for i, b := range p.Buffers {
		fmt.Fprintf(w, "  %%%d %s\n", i, b)
	}
	for i, s := range p.Steps {
		fmt.Fprintf(w, "  %d %s\n", i, s)
	}
}

// String is the text form.
func (p *Plan) String() string {
	var b strings.Builder
	Print(&b, p)
	return b.String()
}

// String is the name of the type.
func (t DType) String() string { return [...]string{"float32", "float64", "int32"}[t] }

// String is the role in lower case.
func (r Role) String() string {
	return [...]string{"temporary", "input", "output", "weight", "state", "constant", "own"}[r]
}

// String writes what the buffer is and where it lies.
func (b Buffer) String() string {
	axes := make([]string, len(b.Dims))
	for i, d := range b.Dims {
		axes[i] = fmt.Sprintf("%s:%d", b.Axes[i], d)
	}
	words := []string{b.Role.String()}
	if b.Name != "" {
		words = append(words, b.Name)
	}
	words = append(words, "["+strings.Join(axes, " ")+"]")
	if b.DType == Int32 {
		words = append(words, "in", strconv.Itoa(b.In))
	}
	words = append(words, "at", strconv.Itoa(b.Offset))
	return strings.Join(words, " ") + b.first()
}

// first writes the first values of what has some.
func (b Buffer) first() string {
	switch {
	case len(b.Value) == 1:
		return ", " + number(b.Value[0])
	case b.Value != nil:
		return fmt.Sprintf(", %s … %s", number(b.Value[0]), number(b.Value[len(b.Value)-1]))
	case b.Fixed.Kind == "":
		return ""
	}
	text := ", " + b.Fixed.Kind + " " + number(b.Fixed.Scale)
	if b.Fixed.Like != "" {
		text += " like " + b.Fixed.Like
	}
	if b.Fixed.Frozen {
		text += ", frozen"
	}
	return text
}

// String writes the step with its views and where it came from; below a nest stand its
// steps.
func (s Step) String() string {
	if n, ok := s.Kernel.(Nest); ok {
		lines := []string{fmt.Sprintf("nest %v, %d of each worker's own — %s, %s", n.Dims, n.Own, s.Origin.Box, s.Origin.Pass)}
		for _, inner := range n.Steps {
			lines = append(lines, inner.String())
		}
		return strings.Join(lines, "\n      ")
	}
	words := append(kernelWords(s.Kernel), views(s.In)...)
	words = append(append(words, "->"), views(s.Out)...)
	origin := []string{s.Origin.Box, s.Origin.Kind, s.Origin.Pass}
	if s.Origin.Box == "" {
		origin = origin[1:]
	}
	return strings.Join(words, " ") + " — " + strings.Join(origin, ", ")
}

func views(list []View) []string {
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = v.String()
	}
	return words
}

// String writes the buffer's number, the offset where there is one, the strides.
func (v View) String() string {
	offset := ""
	if v.Offset != 0 {
		offset = fmt.Sprintf("+%d", v.Offset)
	}
	return fmt.Sprintf("%%%d%s%s", v.Buffer, offset, strings.NewReplacer("[", "(", "]", ")").Replace(fmt.Sprint(v.Strides)))
}

func kernelWords(k Kernel) []string {
	switch k := k.(type) {
	case Gemm:
		words := []string{"gemm", fmt.Sprintf("%v %d×%d over %v %d", k.Batch, k.M, k.N, k.Taps, k.K)}
		return flags(words, "accumulate", k.Accumulate, "relu", k.Relu)
	case Winograd:
		return flags([]string{"winograd", fmt.Sprintf("%d of %d×%d, %d to %d", k.Images, k.Rows, k.Cols, k.Channels, k.Filters)}, "relu", k.Relu)
	case Contract:
		return flags([]string{"contract", fmt.Sprintf("%v summed %d", k.Dims, k.Summed)}, "accumulate", k.Accumulate)
	case Map:
		return []string{"map", fmt.Sprint(k.Dims), k.text()}
	case Reduce:
		return []string{k.Fn, fmt.Sprintf("%v reduced %d", k.Dims, k.Reduced)}
	case Softmax:
		return flags([]string{"softmax", fmt.Sprint(k.Dims)}, "log", k.Log)
	case Take:
		return []string{"take", fmt.Sprintf("%v along %d of %d", k.Dims, k.Along, k.Size)}
	case Put:
		return []string{"put", fmt.Sprintf("%v along %d of %d", k.Dims, k.Along, k.Size)}
	case OneHot:
		return []string{"one_hot", fmt.Sprint(k.Dims)}
	case Random:
		return []string{k.Distribution, fmt.Sprint(k.Dims), number(k.Scale), strconv.Quote(k.Stream)}
	case Fill:
		return []string{"fill", fmt.Sprint(k.Dims), number(k.Value)}
	case Opaque:
		return []string{"opaque", strconv.Quote(k.Name), fmt.Sprintf("%v from %v to %v", k.Degree, k.From, k.To)}
	case Copy:
		return []string{"copy", fmt.Sprint(k.Dims)}
	}
	return []string{fmt.Sprintf("%T", k)}
}

// flags appends the names of those claims that hold.
func flags(words []string, namesAndClaims ...any) []string {
	for i := 0; i < len(namesAndClaims); i += 2 {
		if namesAndClaims[i+1].(bool) {
			words = append(words, namesAndClaims[i].(string))
		}
	}
	return words
}

// text writes a program: {mul $0 $1; add $2 0.5} with the registers that leave.
func (m Map) text() string {
	words := make([]string, len(m.Program))
	for i, instr := range m.Program {
		words[i] = instr.Fn
		if instr.Fn == "constant" {
			words[i] = number(instr.Value)
		}
		for _, a := range instr.Args {
			words[i] += fmt.Sprintf(" $%d", a)
		}
	}
	return "{" + strings.Join(words, "; ") + "} " + strings.NewReplacer("[", "[$", " ", " $").Replace(fmt.Sprint(m.Results))
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }

package scene

// Role is what a colour is for. A theme says which colour that is.
type Role string

// The roles. A fence has the role of what its box does, so that the same motif
// has the same colour everywhere.
const (
	Paper     Role = "paper"     // the ground
	Ink       Role = "ink"       // wires, outlines, labels
	Faint     Role = "faint"     // what stands back
	Learned   Role = "learned"   // boxes with weights
	Attention Role = "attention" // fences, from here on
	Block     Role = "block"
	Residual  Role = "residual"
	Forward   Role = "forward"
	Norm      Role = "norm"
	Window    Role = "window"
	Strided   Role = "strided"
	Softmax   Role = "softmax"
	Concat    Role = "concat"
	Copy      Role = "copy"
	Memory    Role = "memory"
	Index     Role = "index"
	OnIndex   Role = "on-index" // text upon Index
	Solid     Role = "solid"    // the front of a box shown closed
	SolidTop  Role = "solid-top"
	SolidSide Role = "solid-side"
	Fault     Role = "fault"  // what is wrong
	Tape1     Role = "tape-1" // strokes of what is kept, from here on
	Tape2     Role = "tape-2"
	Tape3     Role = "tape-3"
	Tape4     Role = "tape-4"
	Heat1     Role = "heat-1" // from little to much
	Heat2     Role = "heat-2"
	Heat3     Role = "heat-3"
	Heat4     Role = "heat-4"
	Heat5     Role = "heat-5"
)

// Theme says how roles and weights look. Meaning never hangs on colour alone.
type Theme struct {
	Name    string
	Colors  map[Role]string    // "#rrggbb"; a role that is missing is not painted
	Strokes map[Weight]float64 // mm
}

// Themes returns the themes there are, the default first.
func Themes() []Theme { return []Theme{paperTheme, plainTheme, darkTheme} }

// ThemeNamed finds a theme; ok is false where there is none of that name.
func ThemeNamed(name string) (theme Theme, ok bool) {
	for _, t := range Themes() {
		if t.Name == name {
			return t, true
		}
	}
	return Theme{}, false
}

// How wires and dashed lines look in every theme, mm.
const (
	DoubleWidth = 0.9 // between the two lines of a double wire
	DashOn      = 1.3 // of a separator: the dash
	DashOff     = 1.1 // and the gap behind it
)

var strokes = map[Weight]float64{Hairline: 0.15, Thin: 0.25, Medium: 0.4, Heavy: 0.6}

// paperTheme has the flat pastels of the paper's own figures.
var paperTheme = Theme{Name: "paper", Strokes: strokes, Colors: map[Role]string{
	Paper: "#ffffff", Ink: "#000000", Faint: "#707070",
	Learned: "#e8eeeb", Attention: "#c5bedf", Block: "#ffe2bb",
	Residual: "#f1f4c1", Forward: "#c1e8f7", Norm: "#fce0e1",
	Window: "#e5f2f9", Strided: "#a9e3ff", Softmax: "#cce7cf",
	Concat: "#ffd797", Copy: "#f5d423", Memory: "#fdf8c8",
	Index: "#1346fe", OnIndex: "#ffffff",
	Solid: "#e2d9f7", SolidTop: "#f1ecfb", SolidSide: "#c9bce9",
	Fault: "#d0021b",
	Tape1: "#1f5fb4", Tape2: "#b5541c", Tape3: "#2e7d46", Tape4: "#7d4a9e",
	Heat1: "#fff6e5", Heat2: "#ffe0b0", Heat3: "#ffc078", Heat4: "#ff9b61", Heat5: "#f56f52",
}}

// plainTheme is black on white, for print without colour.
var plainTheme = Theme{Name: "plain", Strokes: strokes, Colors: map[Role]string{
	Paper: "#ffffff", Ink: "#000000", Faint: "#707070",
	Learned: "#ffffff", Index: "#000000", OnIndex: "#ffffff",
	Solid: "#ffffff", SolidTop: "#ffffff", SolidSide: "#ffffff",
	Fault: "#000000",
	Tape1: "#000000", Tape2: "#000000", Tape3: "#000000", Tape4: "#000000",
	Heat1: "#ffffff", Heat2: "#e6e6e6", Heat3: "#cccccc", Heat4: "#b0b0b0", Heat5: "#949494",
}}

// darkTheme keeps the hues of paperTheme, deep enough for light ink.
var darkTheme = Theme{Name: "dark", Strokes: strokes, Colors: map[Role]string{
	Paper: "#16181d", Ink: "#e8eaed", Faint: "#9aa0a6",
	Learned: "#3a4541", Attention: "#3f3865", Block: "#4d3a20",
	Residual: "#44471f", Forward: "#1d4656", Norm: "#53302f",
	Window: "#26404e", Strided: "#17506b", Softmax: "#2b4d30",
	Concat: "#5a4316", Copy: "#6b5c0c", Memory: "#4a461f",
	Index: "#6d8dff", OnIndex: "#16181d",
	Solid: "#43356e", SolidTop: "#54458a", SolidSide: "#332857",
	Fault: "#ff6b6b",
	Tape1: "#7fb2f5", Tape2: "#f0a06c", Tape3: "#7fcf97", Tape4: "#c59ae6",
	Heat1: "#2a231c", Heat2: "#46311d", Heat3: "#6b4420", Heat4: "#8f4a25", Heat5: "#b23f2c",
}}

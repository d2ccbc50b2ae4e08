package data

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

const flowers = `length,width,species
1,10,rose
2,20,aster
3,30,rose
4,40,iris
5,50,aster
`

// tabular is x[f], y in kind = csv["t.csv", …].
func tabular(named map[string]any) Request {
	return Request{
		Fields: []Field{{Name: "x", Axes: []string{"f"}, Dims: []int{0}}, {Name: "y", IsPlaces: true}},
		Source: "csv", Args: []any{"t.csv"}, Named: named,
	}
}

func openCSV(t *testing.T, text string, r Request) (*Splits, error) {
	return Open(r, Lookup{Under: files(t, map[string][]byte{"t.csv": []byte(text)})})
}

// examples writes each example of both sets as its first number and its label.
func examples(s *Splits) []string {
	var all []string
	for _, set := range []*Set{s.Train, s.Test} {
		for i := range set.Len() {
			all = append(all, fmt.Sprint(set.Columns[0].Values.At(i, 0), " ", set.Columns[1].Values.At(i)))
		}
	}
	slices.Sort(all)
	return all
}

func TestCSV(t *testing.T) {
	got, err := openCSV(t, flowers, tabular(nil))
	if err != nil {
		t.Fatal(err)
	}
	if text := list(got.Train.Fields()); text != "x[f:2], y in 3" {
		t.Errorf("fields are %s", text)
	}
	if got.Train.Len() != 4 || got.Test.Len() != 1 {
		t.Errorf("%d and %d examples, want 4 and 1", got.Train.Len(), got.Test.Len())
	}
	// aster, iris, rose are places 0, 1, 2.
	if e := examples(got); !slices.Equal(e, []string{"1 2", "2 0", "3 2", "4 1", "5 0"}) {
		t.Errorf("examples are %v", e)
	}
	again, err := openCSV(t, flowers, tabular(nil))
	if err != nil {
		t.Fatal(err)
	}
	if again.Test.Columns[0].Values.At(0, 0) != got.Test.Columns[0].Values.At(0, 0) {
		t.Error("the split is another the second time")
	}
}

func TestCSVOptions(t *testing.T) {
	headless := strings.TrimPrefix(flowers, "length,width,species\n")
	for _, c := range []struct {
		name, text string
		named      map[string]any
		want       string
	}{
		{"label by name", "species,length\nrose,1\niris,2\n", map[string]any{"label": "species"}, "x[f:1], y in 2"},
		{"label by number", "species,length\nrose,1\niris,2\n", map[string]any{"label": 1.0}, "x[f:1], y in 2"},
		{"no header", headless, map[string]any{"header": false}, "x[f:2], y in 3"},
		{"one feature", flowers, map[string]any{"features": "width"}, "x[f:1], y in 3"},
		{"features by name and number", flowers, map[string]any{"features": "width, 1"}, "x[f:2], y in 3"},
		{"separator", strings.ReplaceAll(flowers, ",", ";"), map[string]any{"separator": ";"}, "x[f:2], y in 3"},
		{"any white space", " " + strings.ReplaceAll(flowers, ",", " \t "), map[string]any{"separator": " "}, "x[f:2], y in 3"},
		{"two of five to test", flowers, map[string]any{"test": 0.4}, "x[f:2], y in 3"},
		{"quoted", "a,\"b, c\"\n1,\"the \"\"one\"\"\"\n2,\"line\nbreak\"\n", nil, "x[f:1], y in 2"},
		{"a byte order mark", "\ufeffspecies,length\nrose,1\niris,2\n", map[string]any{"label": "species"}, "x[f:1], y in 2"},
		{"carriage returns", strings.ReplaceAll(flowers, "\n", "\r\n"), nil, "x[f:2], y in 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := openCSV(t, c.text, tabular(c.named))
			if err != nil {
				t.Fatal(err)
			}
			if text := list(got.Train.Fields()); text != c.want {
				t.Errorf("fields are %s, want %s", text, c.want)
			}
		})
	}
}

func TestCSVLabelsOfNumbersAreInTheirOrder(t *testing.T) {
	got, err := openCSV(t, "x,y\n1,10\n2,9\n3,-1\n4,10\n5,9\n", tabular(nil))
	if err != nil {
		t.Fatal(err)
	}
	if e := examples(got); !slices.Equal(e, []string{"1 2", "2 1", "3 0", "4 2", "5 1"}) {
		t.Errorf("examples are %v", e)
	}
}

func TestCSVWithNumbersToTell(t *testing.T) {
	r := tabular(map[string]any{"test": 0.0})
	r.Fields[1] = Field{Name: "y"}
	got, err := openCSV(t, "a,b,y\n1,2,0.5\n", r)
	if err != nil {
		t.Fatal(err)
	}
	if text := list(got.Train.Fields()); text != "x[f:2], y[]" || got.Test != nil {
		t.Errorf("fields are %s, test is %v", text, got.Test)
	}
	if y := tensor.Elements[float32](got.Train.Columns[1].Values); y[0] != 0.5 {
		t.Errorf("y is %v", y)
	}
}

func TestCSVWithoutLabel(t *testing.T) {
	r := tabular(nil)
	r.Fields = r.Fields[:1]
	got, err := openCSV(t, "a,b,y\n1,2,0.5\n", r)
	if err != nil {
		t.Fatal(err)
	}
	if text := list(got.Train.Fields()); text != "x[f:3]" {
		t.Errorf("fields are %s", text)
	}
}

func TestBadCSV(t *testing.T) {
	for _, c := range []struct {
		name, text string
		named      map[string]any
		code       fault.Code
		want       string
	}{
		{"empty", "", nil, fault.BadData, "has no lines of data"},
		{"header alone", "a,b\n", nil, fault.BadData, "has no lines of data"},
		{"a text among numbers", "a,b,y\n1,2,x\n1,?,x\n", nil, fault.BadData, "line 3, column `b`: \"?\" is not a number"},
		{"not a number", "a,y\nNaN,x\n", nil, fault.BadData, "line 2, column `a`: \"NaN\" is not a number"},
		{"no label", "a,y\n1,\n", nil, fault.BadData, "line 2, column `y`: the value is missing"},
		{"a short line", "a,b,y\n1,2,x\n1,x\n", nil, fault.BadData, "line 3 has 2 columns, the first has 3"},
		{"a short line between spaces", "a b y\n1 2 x\n\n1 x\n", map[string]any{"separator": " "}, fault.BadData, "line 4 has 2 columns, the first has 3"},
		{"a quote left open", "a,y\n1,\"x\n", nil, fault.BadData, "line "},
		{"no such column", flowers, map[string]any{"label": "spieces"}, fault.BadOption, "there is no column `spieces`; there are length, width, species"},
		{"no such number", flowers, map[string]any{"label": 4.0}, fault.BadOption, "there is no column 4; columns are numbered from 1 to 3"},
		{"column of another kind", flowers, map[string]any{"label": true}, fault.BadOption, "it is the name of a column or its number from 1"},
		{"unknown option", flowers, map[string]any{"lable": "species"}, fault.BadOption, "has no option `lable`"},
		{"option of another kind", flowers, map[string]any{"header": "yes"}, fault.BadOption, "option `header` of `csv` is yes"},
		{"all to test", flowers, map[string]any{"test": 1.0}, fault.BadOption, "from 0 to below 1"},
		{"long separator", flowers, map[string]any{"separator": ", "}, fault.BadOption, "it is one character"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := openCSV(t, c.text, tabular(c.named))
			wantFault(t, err, c.code, c.want)
		})
	}
}

package data

import (
	"slices"
	"strings"
	"testing"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// vowels are two series of two channels, of three and of two steps.
const vowels = `# spoken
@problemName vowels
@timeStamps false
@univariate false
@equalLength false
@classLabel true a b c
@data
1,2,3:10,20,30:c
4,5:40,50:a
`

func openSeries(t *testing.T, train, test, fields string, named map[string]any) (*Splits, error) {
	t.Helper()
	contents := map[string][]byte{"set/v_TRAIN.ts": []byte(train), "set/v_TEST.ts.gz": gzipped(t, []byte(test))}
	if test == "" {
		delete(contents, "set/v_TEST.ts.gz")
	}
	return Open(request(fields, "ucr", "set", named), Lookup{Under: files(t, contents)})
}

func TestSeriesOfUnequalLength(t *testing.T) {
	longer := strings.ReplaceAll(vowels, "4,5:40,50", "4,5,6,7:0,0,0,0")
	for pad, want := range map[string]struct{ x, mask []float32 }{
		"front": {[]float32{0, 0, 1, 10, 2, 20, 3, 30, 0, 0, 0, 0, 4, 40, 5, 50}, []float32{0, 1, 1, 1, 0, 0, 1, 1}},
		"back":  {[]float32{1, 10, 2, 20, 3, 30, 0, 0, 4, 40, 5, 50, 0, 0, 0, 0}, []float32{1, 1, 1, 0, 1, 1, 0, 0}},
	} {
		t.Run(pad, func(t *testing.T) {
			got, err := openSeries(t, vowels, longer, "x[t channel], label in, mask[t], length[]", map[string]any{"pad": pad})
			if err != nil {
				t.Fatal(err)
			}
			if text := list(got.Train.Fields()); text != "x[t:4 channel:2], label in 3, mask[t:4], length[]" || lengths(got) != [3]int{2, 0, 2} {
				t.Errorf("fields are %s, there are %v series", text, lengths(got))
			}
			columns := got.Train.Columns
			if x := tensor.Elements[float32](columns[0].Values); !slices.Equal(x, want.x) {
				t.Errorf("x is %v, want %v", x, want.x)
			}
			if mask := tensor.Elements[float32](columns[2].Values); !slices.Equal(mask, want.mask) {
				t.Errorf("the mask is %v, want %v", mask, want.mask)
			}
			if label := tensor.Elements[int32](columns[1].Values); !slices.Equal(label, []int32{2, 0}) {
				t.Errorf("labels are %v", label)
			}
			if length := tensor.Elements[float32](columns[3].Values); !slices.Equal(length, []float32{3, 2}) {
				t.Errorf("lengths are %v", length)
			}
		})
	}
}

func TestSeriesOfOneChannel(t *testing.T) {
	const one = "@classLabel true 1 2\n@data\n0.5,-1e-1:2\r\n3,4:1\r\n"
	for fields, want := range map[string]string{
		"x[t], label in": "x[t:2], label in 2", "x[t channel], label in": "x[t:2 channel:1], label in 2", "wave[time], kind in": "wave[time:2], kind in 2",
	} {
		got, err := openSeries(t, one, "", fields, nil)
		if err != nil {
			t.Fatal(err)
		}
		if text := list(got.Train.Fields()); text != want || got.Test != nil {
			t.Errorf("fields are %s, want %s; test is %v", text, want, got.Test)
		}
	}
}

func TestBadSeries(t *testing.T) {
	change := func(from, to string) string { return strings.Replace(vowels, from, to, 1) }
	for _, c := range []struct{ name, train, test, want string }{
		{"no data", change("@data", "#"), "", "line 8: stands before @data"},
		{"nothing behind @data", vowels[:strings.Index(vowels, "1,2,3")], "", "has no examples behind a line @data"},
		{"no classes", change("@classLabel true a b c", "@classLabel false"), "", "there is no line @classLabel true"},
		{"another class", change(":c", ":d"), "", "line 8: ends with \"d\", which is none of the classes a, b, c"},
		{"a missing value", change("2,3", "?,3"), "", "line 8: \"?\" is not a number"},
		{"an infinite value", change("2,3", "Inf,3"), "", "\"Inf\" is not a number"},
		{"channels of two lengths", change("10,20,30", "10,20"), "", "line 8: channel 2 has 2 values, the first has 3"},
		{"a channel less", change("4,5:", ""), "", "line 9: has 1 channels, the first has 2"},
		{"no channels", change("1,2,3:10,20,30:c", "c"), "", "line 8: ends with \"c\""},
		{"time stamps", change("@timeStamps false", "@timeStamps true"), "", "line 3: values have time stamps"},
		{"another test set", vowels, strings.ReplaceAll(vowels, "a b c", "a c b"), "v_TEST.ts.gz: has 2 channels and the classes a, c, b, "},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := openSeries(t, c.train, c.test, "x[t channel], label in", nil)
			wantFault(t, err, fault.BadData, c.want)
		})
	}
	_, err := Open(request("x[t], label in", "ucr", "set", nil), Lookup{Under: files(t, map[string][]byte{"set/readme": nil})})
	wantFault(t, err, fault.MissingData, "holds no file NAME_TRAIN.ts")
}

package data

import (
	"path/filepath"
	"strings"
	"testing"

	"ncd/runtime/fault"
)

func TestLookup(t *testing.T) {
	root := files(t, map[string][]byte{
		"program/both": nil, "program/sub/here": nil, "data/both": nil, "data/there": nil, "above": nil,
		"program/way": nil, "data/way/end": nil,
	})
	at := Lookup{Beside: filepath.Join(root, "program"), Under: filepath.Join(root, "data")}
	for _, c := range []struct{ name, asked, want string }{
		{"beside the source first", "both", "program/both"},
		{"in a folder beside it", "sub/here", "program/sub/here"},
		{"then under --data", "there", "data/there"},
		{"past a file in the way", "way/end", "data/way/end"},
		{"above the source", "../above", "above"},
		{"absolute", filepath.Join(root, "above"), "above"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := at.find(c.asked)
			if err != nil {
				t.Fatal(err)
			}
			if want := filepath.Join(root, c.want); got.shown != want {
				t.Errorf("found %s, want %s", got.shown, want)
			}
		})
	}
	got, err := at.find("digits8x8")
	if err != nil || got.shown != "ncd:digits8x8" || !got.isDir {
		t.Errorf("the bundled set: found %v, %v", got, err)
	}
}

func TestLookupTellsWhatItTried(t *testing.T) {
	_, err := Lookup{Beside: "programs", Under: "sets"}.find("images/none")
	for _, place := range []string{"programs/images/none", "sets/images/none", "ncd:images/none"} {
		wantFault(t, err, fault.MissingData, filepath.FromSlash(place))
	}
	_, err = Lookup{}.find("none")
	wantFault(t, err, fault.MissingData, "none")
	if help := fault.As(err).Help; !strings.Contains(help, "--data DIR") {
		t.Errorf("the mend is %q, want --data named", help)
	}
}

// Only the author's own folder may be left by ..
func TestLookupIsNotLeft(t *testing.T) {
	root := files(t, map[string][]byte{"secret": nil, "sets/inside": nil})
	at := Lookup{Beside: filepath.Join(root, "a/program"), Under: filepath.Join(root, "sets")}
	for _, asked := range []string{"../secret", "inside/../../secret"} {
		_, err := at.find(asked)
		wantFault(t, err, fault.MissingData, "there is no such file")
		if strings.Contains(err.Error(), filepath.Join(root, "secret")) {
			t.Errorf("%s was looked for outside the data folder: %v", asked, err)
		}
	}
}

package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ncd/runtime/fault"
)

func TestNaturalOrder(t *testing.T) {
	want := []string{"", "a", "a1", "a01", "a2", "a10", "a10b", "b", "b/9", "b/10", "b1/0"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, natural)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNaturalIsAnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[ab0-2/]{0,6}`)
		a, b, c := name.Draw(t, "a"), name.Draw(t, "b"), name.Draw(t, "c")
		if natural(a, b) != -natural(b, a) || (natural(a, b) == 0) != (a == b) {
			t.Fatalf("%q and %q: %d and %d", a, b, natural(a, b), natural(b, a))
		}
		if natural(a, b) <= 0 && natural(b, c) <= 0 && natural(a, c) > 0 {
			t.Fatalf("%q, %q and %q are in no order", a, b, c)
		}
	})
}

func readTree(limits Limits, folder, path string) ([]member, []Digest, error) {
	r := &reader{lookup: Lookup{Under: folder}, limits: limits}
	from, err := r.lookup.find(path)
	if err != nil {
		return nil, nil, err
	}
	members, err := r.tree(from, ".png")
	return members, r.digests, err
}

func TestTreeOfAFolder(t *testing.T) {
	folder := files(t, map[string][]byte{"set/b/10.png": []byte("x"), "set/b/9.PNG": []byte("y"), "set/.hidden.png": nil, "set/a.txt": nil})
	members, digests, err := readTree(DefaultLimits(), folder, "set")
	if err != nil {
		t.Fatal(err)
	}
	if len(members) != 2 || members[0].name != "b/9.PNG" || string(members[1].data) != "x" {
		t.Errorf("members are %v", members)
	}
	// One digest for the folder: of the lines that sha256sum writes.
	listing := fmt.Sprintf("%x  b/10.png\n%x  b/9.PNG\n", sha256.Sum256([]byte("x")), sha256.Sum256([]byte("y")))
	sum := sha256.Sum256([]byte(listing))
	if len(digests) != 1 || digests[0].SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("digests are %v", digests)
	}
}

func TestTreesKeepTheirLimits(t *testing.T) {
	zeros := make([]byte, 1<<20)
	three := map[string][]byte{"1.png": zeros, "2.png": zeros, "3.txt": zeros}
	twice := append(tarred(t, map[string][]byte{"1.png": nil})[:512], tarred(t, map[string][]byte{"1.png": nil})...)
	folder := files(t, map[string][]byte{
		"a.tgz": gzipped(t, tarred(t, three)), "a.zip": zipped(t, three), "set/1.png": zeros, "set/2.png": zeros,
		"skipped.tgz": gzipped(t, tarred(t, map[string][]byte{"1.txt": bytes.Repeat(zeros, 4)})), "twice.tar": twice,
		"short.tar": tarred(t, three)[:1000],
	})
	small, few := DefaultLimits(), DefaultLimits()
	small.File, few.Files = 1<<20+100, 1
	for _, c := range []struct {
		path   string
		limits Limits
		want   string
	}{
		{"a.tgz", small, "grows to more than 1048676 bytes"},
		{"a.zip", small, "has files of more than 1048676 bytes together"},
		{"set", small, "has files of more than 1048676 bytes together"},
		{"skipped.tgz", small, "grows to more than 1048676 bytes"},
		{"a.tgz", few, "has more than 1 files"},
		{"a.zip", few, "has more than 1 files"},
		{"set", few, "has more than 1 files"},
		{"twice.tar", DefaultLimits(), "holds two files named 1.png"},
		{"short.tar", DefaultLimits(), "ends too early"},
	} {
		t.Run(c.path, func(t *testing.T) {
			_, _, err := readTree(c.limits, folder, c.path)
			wantFault(t, err, fault.BadData, c.want)
		})
	}
}

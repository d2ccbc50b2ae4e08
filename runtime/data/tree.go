package data

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"ncd/runtime/fault"
)

// member is a file of a folder or of an archive.
type member struct {
	name string // relative to the folder or archive
	data []byte
}

// base is the name of the file without its folder.
func (m member) base() string { return path.Base(m.name) }

// tree reads the files of a folder, or of a tar or zip archive, whose names end
// with one of the given endings, in the natural order of their names.
func (r *reader) tree(from place, endings ...string) ([]member, error) {
	all := &gathering{reader: r, from: from, endings: endings}
	var err error
	if from.isDir {
		err = all.folder()
	} else {
		err = r.read(from, all.archive)
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all.members, func(a, b member) int { return natural(a.name, b.name) })
	for i := range all.members[:max(0, len(all.members)-1)] {
		if all.members[i].name == all.members[i+1].name {
			return nil, fault.New(fault.BadData, from.shown, "holds two files named %s", all.members[i].name)
		}
	}
	return all.members, nil
}

// gathering is the files of a folder or archive while they are read.
type gathering struct {
	reader  *reader
	from    place
	endings []string
	members []member
	bytes   int64
}

func (g *gathering) wants(name string) bool {
	if strings.HasPrefix(path.Base(name), ".") {
		return false
	}
	return slices.ContainsFunc(g.endings, func(e string) bool { return strings.HasSuffix(strings.ToLower(name), e) })
}

// add reads a file of the given size as declared.
func (g *gathering) add(name string, size int64, r io.Reader) error {
	if len(g.members) >= g.reader.limits.Files {
		return fault.New(fault.BadData, g.from.shown, "has more than %d files, the limit", g.reader.limits.Files)
	}
	if g.bytes += size; size < 0 || g.bytes > g.reader.limits.File {
		return fault.New(fault.BadData, g.from.shown, "has files of more than %d bytes together, the limit", g.reader.limits.File)
	}
	data, err := io.ReadAll(io.LimitReader(r, size))
	if err != nil {
		return err
	}
	g.members = append(g.members, member{name, data})
	return nil
}

// folder reads the files of a folder, in the order of their names, and digests
// their digests.
func (g *gathering) folder() error {
	listing := sha256.New()
	err := fs.WalkDir(g.from.fsys, g.from.name, func(at string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fault.New(fault.UnreadableFile, g.from.shown, "cannot be read: %v", reason(err)).Because(err)
		}
		name := strings.TrimPrefix(strings.TrimPrefix(at, g.from.name), "/")
		if entry.IsDir() || !g.wants(name) {
			return nil
		}
		if err := g.file(name); err != nil {
			return err
		}
		fmt.Fprintf(listing, "%x  %s\n", sha256.Sum256(g.members[len(g.members)-1].data), name)
		return nil
	})
	if err != nil || len(g.members) == 0 {
		return err
	}
	g.reader.digests = append(g.reader.digests, Digest{g.from.shown, hex.EncodeToString(listing.Sum(nil))})
	return nil
}

func (g *gathering) file(name string) error {
	at := g.from.in(name)
	file, err := at.fsys.Open(at.name)
	if err != nil {
		return fault.New(fault.UnreadableFile, at.shown, "cannot be read: %v", reason(err)).Because(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return fault.New(fault.BadData, at.shown, "is not a file")
	}
	return damagedIfAny(g.add(name, info.Size(), file), at)
}

// archive reads the files of an archive: of a zip, which its first bytes show, or
// of a tar.
func (g *gathering) archive(c content) error {
	packed := bufio.NewReader(c)
	if magic, _ := packed.Peek(4); string(magic) == "PK\x03\x04" {
		return g.zip(content{packed, c.most, c.from})
	}
	limited := &io.LimitedReader{R: packed, N: c.most + 1}
	err := g.tar(limited)
	if err != nil && limited.N <= 0 {
		return fault.New(fault.BadData, g.from.shown, "grows to more than %d bytes, the limit", c.most)
	}
	return err
}

func (g *gathering) tar(r io.Reader) error {
	files := tar.NewReader(r)
	for {
		header, err := files.Next()
		switch {
		case err == io.EOF:
			_, err := io.Copy(io.Discard, r) // reaches the checksum of gzip
			return err
		case errors.Is(err, tar.ErrHeader):
			return fault.New(fault.BadData, g.from.shown, "is no archive of files").Mend("name a folder, or a tar or zip archive of one")
		case err != nil:
			return err
		case header.Typeflag != tar.TypeReg || !g.wants(header.Name):
			continue
		}
		if err := g.add(path.Clean(header.Name), header.Size, files); err != nil {
			return err
		}
	}
}

func (g *gathering) zip(c content) error {
	data, err := c.whole(g.reader.limits.File)
	if err != nil {
		return err
	}
	files, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return fault.New(fault.BadData, g.from.shown, "is a damaged zip archive: %v", err).Mend("fetch it again").Because(err)
	}
	for _, f := range files.File {
		if f.Mode().IsDir() || !g.wants(f.Name) {
			continue
		}
		if err := g.zipped(f); fault.As(err) != nil {
			return err
		} else if err != nil {
			return fault.New(fault.BadData, g.from.shown, "%s: %v", f.Name, err).Because(err)
		}
	}
	return nil
}

func (g *gathering) zipped(f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	return g.add(path.Clean(f.Name), int64(min(f.UncompressedSize64, 1<<62)), r)
}

func damagedIfAny(err error, from place) error {
	if err == nil {
		return nil
	}
	return damaged(err, from)
}

// natural compares names as people do: runs of digits by their value, so that 9
// comes before 10.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, y := leadingDigits(a), leadingDigits(b)
		if x == "" || y == "" {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		u, v := strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
		if c := cmp.Or(cmp.Compare(len(u), len(v)), cmp.Compare(u, v), cmp.Compare(len(x), len(y))); c != 0 {
			return c
		}
		a, b = a[len(x):], b[len(y):]
	}
	return cmp.Compare(len(a), len(b))
}

// leadingDigits is the run of digits that a text begins with.
func leadingDigits(text string) string {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return text[:n]
}

package data

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"

	"ncd/runtime/fault"
)

// reader opens the files of one request and remembers their digests.
type reader struct {
	lookup  Lookup
	limits  Limits
	digests []Digest
}

// content is an open file, unpacked.
type content struct {
	io.Reader
	most int64 // no more bytes than this can come out of it
	from place
}

// deflateRatio is how many bytes at most come out of one compressed byte.
const deflateRatio = 1032

// read opens a file, gzipped or not, hands its content to use, and digests the
// file as it is stored.
func (r *reader) read(from place, use func(content) error) error {
	info, err := fs.Stat(from.fsys, from.name) // before it is opened: that of a pipe waits for a writer
	if err == nil && !info.Mode().IsRegular() {
		return fault.New(fault.BadData, from.shown, "is not a file")
	}
	file, err := from.fsys.Open(from.name)
	if err != nil {
		return fault.New(fault.UnreadableFile, from.shown, "cannot be read: %v", reason(err)).Because(err)
	}
	defer file.Close()
	digest := sha256.New()
	stored := bufio.NewReaderSize(io.TeeReader(file, digest), 1<<16)
	unpacked, err := unpack(stored, info, from)
	if err != nil {
		return err
	}
	unpacked.most = min(unpacked.most, r.limits.File)
	if err := use(unpacked); err != nil {
		return damaged(err, from)
	}
	if _, err := io.Copy(io.Discard, stored); err != nil {
		return damaged(err, from)
	}
	r.digests = append(r.digests, Digest{from.shown, hex.EncodeToString(digest.Sum(nil))})
	return nil
}

// unpack looks at the first bytes, not at the name, to see whether a file is
// gzipped.
func unpack(stored *bufio.Reader, info fs.FileInfo, from place) (content, error) {
	magic, _ := stored.Peek(2)
	if string(magic) != "\x1f\x8b" {
		return content{stored, info.Size(), from}, nil
	}
	unzipped, err := gzip.NewReader(stored)
	if err != nil {
		return content{}, damaged(err, from)
	}
	return content{unzipped, info.Size() * deflateRatio, from}, nil
}

// damaged makes a fault of what a reader met, unless it is one already.
func damaged(err error, from place) error {
	if fault.As(err) != nil {
		return err
	}
	what := "cannot be read: " + reason(err).Error()
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		what = "ends too early"
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		what = "is damaged: its gzip checksum or header is wrong"
	}
	return fault.New(fault.BadData, from.shown, "%s", what).Mend("fetch the file again").Because(err)
}

// whole is the content of a file, unpacked.
func (r *reader) whole(from place, most int64) (data []byte, err error) {
	err = r.read(from, func(c content) (err error) {
		data, err = c.whole(most)
		return err
	})
	return data, err
}

// whole is all that there is to read, if it is no more than most bytes.
func (c content) whole(most int64) ([]byte, error) {
	most = min(most, c.most)
	data, err := io.ReadAll(io.LimitReader(c, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > most {
		return nil, fault.New(fault.BadData, c.from.shown, "has more than %d bytes, the limit", most)
	}
	return data, nil
}

// plainText is the content of a file of text, without the mark that some editors
// put first.
func (r *reader) plainText(from place) (string, error) {
	data, err := r.whole(from, r.limits.Text)
	if err != nil {
		return "", err
	}
	text := strings.TrimPrefix(string(data), byteOrderMark)
	if !utf8.ValidString(text) {
		return "", fault.New(fault.BadData, from.shown, "is not text in UTF-8").Mend("save it as UTF-8")
	}
	return text, nil
}

// byteOrderMark is what some spreadsheets and editors put first in UTF-8.
const byteOrderMark = "\ufeff"

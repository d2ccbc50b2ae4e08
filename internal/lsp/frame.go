package lsp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Limits on what is taken from a client.
const (
	mostBytes       = 16 << 20 // of a message
	mostHeaderBytes = 4096     // of all its header lines
)

// errTooLarge is a message that was passed over whole, so that the next can be read.
var errTooLarge = fmt.Errorf("a message of more than %d MiB", mostBytes>>20)

// readFrame reads one message behind its header. Behind errTooLarge reading goes on;
// behind any other error nothing more can be read.
func readFrame(r *bufio.Reader) ([]byte, error) {
	length, err := readHeader(r)
	if err != nil {
		return nil, err
	}
	if length > mostBytes {
		if _, err := io.CopyN(io.Discard, r, length); err != nil {
			return nil, err
		}
		return nil, errTooLarge
	}
	body := make([]byte, length)
	_, err = io.ReadFull(r, body)
	return body, err
}

// readHeader reads the lines up to an empty one, and gives the length of the message.
// At a clean end it is io.EOF.
func readHeader(r *bufio.Reader) (int64, error) {
	length, read := int64(-1), 0
	for {
		line, err := readLine(r, mostHeaderBytes-read)
		if err != nil {
			if errors.Is(err, io.EOF) && read+len(line) > 0 {
				err = io.ErrUnexpectedEOF
			}
			return 0, err
		}
		read += len(line)
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			break
		}
		name, value, found := strings.Cut(line, ":")
		if !found {
			return 0, fmt.Errorf("the header line %q has no colon", line)
		}
		if strings.EqualFold(strings.TrimSpace(name), "Content-Length") {
			length, err = strconv.ParseInt(strings.TrimSpace(value), 10, 64)
			if err != nil || length < 0 {
				return 0, fmt.Errorf("the header line %q says no length", line)
			}
		}
	}
	if length < 0 {
		return 0, errors.New("a header without Content-Length")
	}
	return length, nil
}

// readLine reads up to a line's end, and no more than so many bytes.
func readLine(r *bufio.Reader, most int) (string, error) {
	var line []byte
	for len(line) < most {
		b, err := r.ReadByte()
		if err != nil {
			return string(line), err
		}
		line = append(line, b)
		if b == '\n' {
			return string(line), nil
		}
	}
	return "", fmt.Errorf("a header of more than %d bytes", mostHeaderBytes)
}

// writeFrame writes one message with its header.
func writeFrame(w io.Writer, body []byte) error {
	_, err := fmt.Fprintf(w, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return err
}

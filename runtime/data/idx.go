package data

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

const (
	idxBytes = 0x08 // the type of unsigned bytes; MNIST's files have no other
	idxAxes  = 8    // as many as anybody uses
)

// decodeIDX reads an array of bytes in the idx format: two zero bytes, the type of
// the elements, the number of axes, the size of each in four bytes, and the
// elements row-major, all with the greatest byte first.
//
// Source: LeCun, Cortes and Burges, The MNIST database, http://yann.lecun.com/exdb/mnist/.
func decodeIDX(c content) (*tensor.Tensor, error) {
	bad := func(format string, args ...any) error {
		return fault.New(fault.BadData, c.from.shown, format, args...).Mend("the file is damaged or is no idx file; fetch it again")
	}
	dims, err := decodeIDXHeader(c)
	if err != nil {
		return nil, bad("%v", err)
	}
	n, ok := tensor.Size(dims)
	if !ok || int64(n) > c.most {
		return nil, bad("declares the shape %v, more than a file of its length can hold", dims)
	}
	data := make([]byte, n)
	if got, err := io.ReadFull(c, data); err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, bad("ends after %d of the %d bytes that its shape %v declares", got, n, dims)
	} else if err != nil {
		return nil, err
	}
	if err := wantEnd(c); err != nil {
		return nil, err
	}
	return tensor.Of(data, nil, dims...), nil
}

func decodeIDXHeader(r io.Reader) ([]int, error) {
	var magic [4]byte
	if _, err := io.ReadFull(r, magic[:]); err != nil {
		return nil, errors.New("ends within its header")
	}
	if magic[0] != 0 || magic[1] != 0 {
		return nil, fmt.Errorf("begins with % x, an idx file with 00 00", magic)
	}
	if magic[2] != idxBytes {
		return nil, fmt.Errorf("has elements of type %#02x, wanted are unsigned bytes (%#02x)", magic[2], idxBytes)
	}
	if magic[3] == 0 || magic[3] > idxAxes {
		return nil, fmt.Errorf("declares %d axes, wanted are 1 to %d", magic[3], idxAxes)
	}
	sizes := make([]uint32, magic[3])
	if err := binary.Read(r, binary.BigEndian, sizes); err != nil {
		return nil, errors.New("ends within its header")
	}
	dims := make([]int, len(sizes))
	for i, s := range sizes {
		dims[i] = int(s)
	}
	return dims, nil
}

// wantEnd holds that nothing follows, and lets gzip compare its checksum.
func wantEnd(c content) error {
	n, err := io.Copy(io.Discard, io.LimitReader(c, 1))
	if err != nil {
		return err
	}
	if n > 0 {
		return fault.New(fault.BadData, c.from.shown, "goes on behind the elements that its shape declares").Mend("fetch the file again")
	}
	return nil
}

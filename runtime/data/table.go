package data

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// table is a file of comma-separated values.
type table struct {
	from  place
	names []string   // of the columns; nil where the file says none
	rows  [][]string // all as wide as the first
	lines []int      // where each row begins in the file, from 1
}

// readTable reads comma-separated values; with a header the first row is the
// names of the columns.
func readTable(r *reader, from place, separator rune, hasHeader bool) (*table, error) {
	t := &table{from: from}
	err := r.read(from, func(c content) error {
		limited := &io.LimitedReader{R: c, N: r.limits.Text + 1}
		if err := t.parse(limited, separator); err != nil {
			return err
		}
		if limited.N == 0 {
			return fault.New(fault.BadData, from.shown, "has more than %d bytes of text, the limit", r.limits.Text)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if hasHeader && len(t.rows) > 0 {
		t.names, t.rows, t.lines = t.rows[0], t.rows[1:], t.lines[1:]
	}
	if len(t.rows) == 0 {
		return nil, fault.New(fault.BadData, from.shown, "has no lines of data")
	}
	return t, nil
}

func (t *table) parse(r io.Reader, separator rune) error {
	text := bufio.NewReader(r)
	if first, _ := text.Peek(len(byteOrderMark)); string(first) == byteOrderMark {
		text.Discard(len(byteOrderMark))
	}
	if separator == ' ' {
		return t.parseSpaced(text)
	}
	lines := csv.NewReader(text)
	lines.Comma = separator
	lines.TrimLeadingSpace = true
	for {
		row, err := lines.Read()
		if err == io.EOF {
			return nil
		}
		var misread *csv.ParseError
		if errors.As(err, &misread) {
			return t.misread(misread, row)
		} else if err != nil {
			return err
		}
		line, _ := lines.FieldPos(0)
		t.rows = append(t.rows, row)
		t.lines = append(t.lines, line)
	}
}

// parseSpaced reads columns that any white space divides, as much as there is.
func (t *table) parseSpaced(text *bufio.Reader) error {
	for number := 1; ; number++ {
		line, err := text.ReadString('\n')
		if err != nil && err != io.EOF {
			return err
		}
		if row := strings.Fields(line); len(row) > 0 {
			t.rows, t.lines = append(t.rows, row), append(t.lines, number)
			if len(row) != t.width() {
				return fault.New(fault.BadData, t.from.shown, "line %d has %d columns, the first has %d", number, len(row), t.width())
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

func (t *table) misread(err *csv.ParseError, row []string) error {
	if errors.Is(err, csv.ErrFieldCount) {
		return fault.New(fault.BadData, t.from.shown, "line %d has %d columns, the first has %d", err.Line, len(row), len(t.rows[0]))
	}
	return fault.New(fault.BadData, t.from.shown, "line %d, column %d: %v", err.Line, err.Column, err.Err)
}

// width is the number of columns.
func (t *table) width() int { return len(t.rows[0]) }

// column finds a column by its name, or by its number from 1.
func (t *table) column(reference any) (int, error) {
	switch ref := reference.(type) {
	case string:
		ref = strings.TrimSpace(ref)
		if at := slices.Index(t.names, ref); at >= 0 {
			return at, nil
		}
		if n, err := strconv.Atoi(ref); err == nil {
			return t.column(float64(n))
		}
		return 0, fault.New(fault.BadOption, t.from.shown, "there is no column `%s`; there are %s", ref, t.describe()).
			MendNearest("write %q", ref, t.names)
	case float64:
		if ref == math.Trunc(ref) && ref >= 1 && ref <= float64(t.width()) {
			return int(ref) - 1, nil
		}
		return 0, fault.New(fault.BadOption, t.from.shown, "there is no column %v; columns are numbered from 1 to %d", ref, t.width())
	}
	return 0, fault.New(fault.BadOption, t.from.shown, "a column is named or numbered, not %v", reference)
}

func (t *table) describe() string {
	if t.names == nil {
		return strconv.Itoa(t.width()) + " without names"
	}
	return strings.Join(t.names, ", ")
}

// label is how messages call a column.
func (t *table) label(column int) string {
	if t.names != nil {
		return "column `" + t.names[column] + "`"
	}
	return "column " + strconv.Itoa(column+1)
}

// numbers is the given columns as an array [row column].
func (t *table) numbers(columns []int) (*tensor.Tensor, error) {
	data := make([]float32, 0, len(t.rows)*len(columns))
	for i, row := range t.rows {
		for _, c := range columns {
			v, err := strconv.ParseFloat(strings.TrimSpace(row[c]), 32)
			if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fault.New(fault.BadData, t.from.shown, "line %d, %s: %q is not a number", t.lines[i], t.label(c), row[c]).
					Mend("leave the line out, or choose the columns with features = \"NAME, NAME\"")
			}
			data = append(data, float32(v))
		}
	}
	return tensor.Of(data, nil, len(t.rows), len(columns)), nil
}

// places is a column as places along an axis, and their names: its distinct values
// in order, as numbers where all are numbers, else as text.
func (t *table) places(column int) (*tensor.Tensor, []string, error) {
	place := map[string]int32{}
	for i, row := range t.rows {
		value := strings.TrimSpace(row[column])
		if value == "" {
			return nil, nil, fault.New(fault.BadData, t.from.shown, "line %d, %s: the value is missing", t.lines[i], t.label(column)).
				Mend("leave the line out")
		}
		place[value] = 0
	}
	values := inOrder(place)
	for i, v := range values {
		place[v] = int32(i)
	}
	data := make([]int32, len(t.rows))
	for i, row := range t.rows {
		data[i] = place[strings.TrimSpace(row[column])]
	}
	return tensor.Of(data, nil, len(data)), values, nil
}

package data

import (
	"bytes"
	"image"
	"image/color"
	_ "image/jpeg"
	_ "image/png"
	"runtime"
	"sync"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// pictureForm is how pictures are stored.
type pictureForm struct {
	channels    int  // 1 for grey, 3 for colours
	hasChannels bool // the channels are an axis
	isMask      bool // values are places: never mixed, and of a palette its indices
	size        int  // rows and columns to resample to; 0: as they are
	rows, cols  int  // 0 until the first picture says
}

// column is the field of the pictures decoded in this form.
func (f pictureForm) column(pictures *tensor.Tensor) Column {
	if f.hasChannels {
		return numbers("image", []string{"row", "col", "c"}, pictures, 255)
	}
	return numbers("image", []string{"row", "col"}, pictures, 255)
}

// decodePictures decodes PNG and JPEG files of one size, or resampled to one, as
// bytes [example row col] or [example row col channel]. The form learns rows and
// columns from the first.
func decodePictures(limits Limits, from place, members []member, form *pictureForm) (*tensor.Tensor, error) {
	if err := measure(limits, from, members, form); err != nil {
		return nil, err
	}
	dims := []int{len(members), form.rows, form.cols}
	if form.hasChannels {
		dims = append(dims, form.channels)
	}
	if err := limits.afford(from.shown, tensor.Uint8, dims...); err != nil {
		return nil, err
	}
	pictures := tensor.New(tensor.Uint8, nil, dims...)
	if err := decodeAll(from, members, *form, tensor.Elements[uint8](pictures)); err != nil {
		return nil, err
	}
	return pictures, nil
}

// measure looks at the sizes that all files declare before any is decoded.
func measure(limits Limits, from place, members []member, form *pictureForm) error {
	for _, m := range members {
		said, _, err := image.DecodeConfig(bytes.NewReader(m.data))
		if err != nil {
			return undecodable(from, m, err)
		}
		if said.Width <= 0 || said.Height <= 0 || said.Width > limits.Picture/said.Height {
			return fault.New(fault.BadData, from.shown, "%s declares %d columns and %d rows, more than the limit of %d pixels", m.name, said.Width, said.Height, limits.Picture)
		}
		rows, cols := said.Height, said.Width
		if form.size > 0 {
			rows, cols = form.size, form.size
		}
		if form.rows == 0 {
			form.rows, form.cols = rows, cols
		}
		if rows != form.rows || cols != form.cols {
			return fault.New(fault.BadData, from.shown, "%s has %d rows and %d columns, the pictures before it have %d and %d", m.name, rows, cols, form.rows, form.cols).
				Mend("resample all of them to one size with size = %d", min(form.rows, form.cols))
		}
	}
	return nil
}

func undecodable(from place, m member, err error) error {
	return fault.New(fault.BadData, from.shown, "%s is no PNG or JPEG picture, or is damaged: %v", m.name, err).Because(err)
}

// decodeAll decodes each file into its part of pixels, on all processors.
func decodeAll(from place, members []member, form pictureForm, pixels []uint8) error {
	size := form.rows * form.cols * form.channels
	next := make(chan int)
	faults := make([]error, len(members))
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				if err := decodePicture(members[i].data, form, pixels[i*size:(i+1)*size]); err != nil {
					faults[i] = undecodable(from, members[i], err)
				}
			}
		})
	}
	for i := range members {
		next <- i
	}
	close(next)
	workers.Wait()
	for _, err := range faults {
		if err != nil {
			return err
		}
	}
	return nil
}

func decodePicture(file []byte, form pictureForm, pixels []uint8) error {
	decoded, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return err
	}
	size := decoded.Bounds().Size()
	switch {
	case size.Y == form.rows && size.X == form.cols:
		form.copy(pixels, decoded)
	case form.isMask:
		form.sample(pixels, decoded)
	default:
		whole := make([]uint8, size.X*size.Y*form.channels)
		form.copy(whole, decoded)
		average(pixels, whole, form, size)
	}
	return nil
}

// copy writes the picture's pixels, row by row, channels innermost.
func (f pictureForm) copy(pixels []uint8, from image.Image) {
	b := from.Bounds()
	for row := range b.Dy() {
		for col := range b.Dx() {
			f.pixel(pixels[(row*b.Dx()+col)*f.channels:], from, b.Min.X+col, b.Min.Y+row)
		}
	}
}

// sample writes the pixel nearest to the middle of each place.
func (f pictureForm) sample(pixels []uint8, from image.Image) {
	b := from.Bounds()
	for row := range f.rows {
		for col := range f.cols {
			x, y := b.Min.X+(2*col+1)*b.Dx()/(2*f.cols), b.Min.Y+(2*row+1)*b.Dy()/(2*f.rows)
			f.pixel(pixels[row*f.cols+col:], from, x, y)
		}
	}
}

func (f pictureForm) pixel(to []uint8, from image.Image, x, y int) {
	if f.isMask {
		if p, hasPalette := from.(*image.Paletted); hasPalette {
			to[0] = p.ColorIndexAt(x, y)
			return
		}
	}
	if f.channels == 1 {
		to[0] = grey(from, x, y)
		return
	}
	to[0], to[1], to[2] = colours(from, x, y)
}

// grey and colours know the types that decoding gives most often, so that the
// others alone pay for an interface at each pixel.

func grey(from image.Image, x, y int) uint8 {
	switch p := from.(type) {
	case *image.Gray:
		return p.GrayAt(x, y).Y
	case *image.YCbCr:
		return p.Y[p.YOffset(x, y)]
	}
	return color.GrayModel.Convert(from.At(x, y)).(color.Gray).Y
}

func colours(from image.Image, x, y int) (r, g, b uint8) {
	switch p := from.(type) {
	case *image.YCbCr:
		c := p.YCbCrAt(x, y)
		return color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
	case *image.RGBA:
		c := p.RGBAAt(x, y)
		return c.R, c.G, c.B
	}
	r32, g32, b32, _ := from.At(x, y).RGBA()
	return uint8(r32 >> 8), uint8(g32 >> 8), uint8(b32 >> 8)
}

// average resamples a picture of the given size to the form's: each pixel is the
// mean of the box that it covers, with parts of pixels counted as parts.
func average(to, from []uint8, f pictureForm, size image.Point) {
	down, across := boxes(size.Y, f.rows), boxes(size.X, f.cols)
	for row, rows := range down {
		for col, cols := range across {
			for c := range f.channels {
				sum := 0.0
				for i, u := range rows.shares {
					for j, v := range cols.shares {
						sum += u * v * float64(from[((rows.first+i)*size.X+cols.first+j)*f.channels+c])
					}
				}
				to[(row*f.cols+col)*f.channels+c] = uint8(sum + 0.5)
			}
		}
	}
}

// box is the pixels that one place covers along an axis, and the share of each;
// the shares add up to 1.
type box struct {
	first  int
	shares []float64
}

// boxes divides n pixels evenly among places.
func boxes(n, places int) []box {
	all := make([]box, places)
	width := float64(n) / float64(places)
	for i := range all {
		// Whole numbers until the last, so that the borders meet exactly.
		begin, end := float64(i*n)/float64(places), float64((i+1)*n)/float64(places)
		all[i].first = i * n / places
		for p := all[i].first; p < n && float64(p) < end; p++ {
			covered := min(end, float64(p+1)) - max(begin, float64(p))
			all[i].shares = append(all[i].shares, covered/width)
		}
	}
	return all
}

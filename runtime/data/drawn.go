package data

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"ncd/runtime/tensor"
)

// uniform is a number from 0 to below 1.
func (s *splitMix) uniform() float64 { return float64(s.next()>>11) / (1 << 53) }

// normal is a number from the normal distribution with mean 0 and variance 1.
//
// Source: Box and Muller, A note on the generation of random normal deviates, 1958.
func (s *splitMix) normal() float64 {
	radius := math.Sqrt(-2 * math.Log(1-s.uniform()))
	return radius * math.Cos(2*math.Pi*s.uniform())
}

// drawnSet makes splits of drawn examples and digests their values.
func drawnSet(r *reader, req Request, columns ...Column) *Splits {
	digest := sha256.New()
	for _, c := range columns {
		if c.IsPlaces {
			binary.Write(digest, binary.LittleEndian, tensor.Elements[int32](c.Values))
		} else {
			binary.Write(digest, binary.LittleEndian, tensor.Elements[float32](c.Values))
		}
	}
	r.digests = append(r.digests, Digest{req.clause(), hex.EncodeToString(digest.Sum(nil))})
	return splitShuffled(&Set{columns}, req.number("test"))
}

// clause is the source of a set that is drawn, with all its options.
func (r Request) clause() string {
	var given []string
	for _, name := range slices.Sorted(maps.Keys(r.Named)) {
		given = append(given, fmt.Sprintf("%s = %v", name, r.Named[name]))
	}
	return r.Source + "[" + strings.Join(given, ", ") + "]"
}

// readSpirals draws points on arms that wind around the origin.
func readSpirals(r *reader, req Request) (*Splits, error) {
	n, classes := req.whole("count"), req.whole("classes")
	if err := r.limits.afford(req.path(), tensor.Float32, n, 2); err != nil {
		return nil, err
	}
	random := splitMix(req.whole("seed"))
	x, label := make([]float32, 0, 2*n), make([]int32, n)
	for i := range n {
		label[i] = int32(i % classes)
		radius := random.uniform()
		angle := 2 * math.Pi * (radius*req.number("turns") + float64(label[i])/float64(classes))
		x = append(x,
			float32(radius*math.Cos(angle)+req.number("noise")*random.normal()),
			float32(radius*math.Sin(angle)+req.number("noise")*random.normal()))
	}
	return drawnSet(r, req,
		numbers("x", []string{"feature"}, tensor.Of(x, nil, n, 2), 1),
		places("label", nil, tensor.Of(label, nil, n), classes)), nil
}

// readGaussians draws points around centres on the unit sphere.
func readGaussians(r *reader, req Request) (*Splits, error) {
	n, classes, width := req.whole("count"), req.whole("classes"), req.whole("features")
	for _, rows := range []int{n, classes} {
		if err := r.limits.afford(req.path(), tensor.Float64, rows, width); err != nil {
			return nil, err
		}
	}
	random := splitMix(req.whole("seed"))
	centres := make([]float64, 0, classes*width)
	for range classes {
		centres = append(centres, random.direction(width)...)
	}
	x, label := make([]float32, n*width), make([]int32, n)
	for i := range x {
		class := i / width % classes
		label[i/width] = int32(class)
		x[i] = float32(centres[class*width+i%width] + req.number("spread")*random.normal())
	}
	return drawnSet(r, req,
		numbers("x", []string{"feature"}, tensor.Of(x, nil, n, width), 1),
		places("label", nil, tensor.Of(label, nil, n), classes)), nil
}

// direction is a point on the unit sphere.
func (s *splitMix) direction(width int) []float64 {
	point, square := make([]float64, width), 0.0
	for i := range point {
		point[i] = s.normal()
		square += point[i] * point[i]
	}
	for i := range point {
		point[i] /= max(math.Sqrt(square), 1e-300) // all zero once in never
	}
	return point
}

// readSines draws sine waves of one to four periods over their length.
func readSines(r *reader, req Request) (*Splits, error) {
	n, length := req.whole("count"), req.whole("length")
	if err := r.limits.afford(req.path(), tensor.Float32, n, length); err != nil {
		return nil, err
	}
	random := splitMix(req.whole("seed"))
	x, next := make([]float32, 0, n*length), make([]float32, 0, n*length)
	for range n {
		frequency, phase, height := 1+3*random.uniform(), random.uniform(), 0.5+0.5*random.uniform()
		wave := func(t int) float64 {
			return height * math.Sin(2*math.Pi*(frequency*float64(t)/float64(length)+phase))
		}
		for t := range length {
			x = append(x, float32(wave(t)+req.number("noise")*random.normal()))
			next = append(next, float32(wave(t+1)))
		}
	}
	return drawnSet(r, req,
		numbers("x", []string{"t"}, tensor.Of(x, nil, n, length), 1),
		numbers("next", []string{"t"}, tensor.Of(next, nil, n, length), 1)), nil
}

package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	order "encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	encodejpeg "image/jpeg"
	encodepng "image/png"
	"math/rand/v2"

	"ncd/internal/onnx"
	"ncd/runtime/tensor"
	"ncd/runtime/weights"
)

// written are the bytes of what is written to memory, which cannot fail.
func written(write func(*bytes.Buffer) error) []byte {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// gzipped is a file as it is or, now and then, packed.
func gzipped(r *rand.Rand, file []byte) []byte {
	if r.IntN(16) > 0 {
		return file
	}
	return written(func(b *bytes.Buffer) error {
		w := gzip.NewWriter(b)
		if _, err := w.Write(file); err != nil {
			return err
		}
		return w.Close()
	})
}

func array() *tensor.Tensor {
	return tensor.Of([]float32{1, 2, 3, 4, 5, 6, 7, 8}, []string{"a", "b"}, 4, 2)
}

func safetensors() []byte {
	f := &weights.File{
		Tensors:  map[string]*tensor.Tensor{"encoder.weight": array(), "steps": tensor.Of([]int64{7}, nil)},
		Metadata: map[string]string{"format": "pt"},
	}
	return written(func(b *bytes.Buffer) error { return weights.Encode(b, f) })
}

func npy() []byte {
	return written(func(b *bytes.Buffer) error { return weights.EncodeArray(b, array()) })
}

// npz draws archives whose member is damaged, or that are damaged themselves.
func npz() func(*rand.Rand) []byte {
	member, packed := npy(), zipped("x.npy", npy())
	return func(r *rand.Rand) []byte {
		if r.IntN(2) == 0 {
			return damaged(r, packed, packed)
		}
		return zipped("x.npy", damaged(r, member, member))
	}
}

func zipped(name string, content []byte) []byte {
	return written(func(b *bytes.Buffer) error {
		w := zip.NewWriter(b)
		f, err := w.Create(name)
		if err != nil {
			return err
		}
		if _, err := f.Write(content); err != nil {
			return err
		}
		return w.Close()
	})
}

func idx() []byte { return idxOf([]int{4, 2, 3}, bytes.Repeat([]byte{1, 200, 3}, 8)) }

func idxOf(dims []int, values []byte) []byte {
	file := []byte{0, 0, 8, byte(len(dims))}
	for _, d := range dims {
		file = order.BigEndian.AppendUint32(file, uint32(d))
	}
	return append(file, values...)
}

const csv = "length,width,label\n5.1,3.5,setosa\n4.9,3.0,setosa\n7.0,3.2,versicolor\n\"6.4\",3.2,versicolor\n6.3,3.3,virginica\n5.8,2.7,virginica\n"

const series = "# vowels\n@problemName Vowels\n@timeStamps false\n@univariate false\n@classLabel true a b\n@data\n" +
	"1.8,1.9,2.0:-0.2,-0.3,-0.1:a\n0.5,0.6:0.1,0.2:b\n1.1,1.2,1.3,1.4:0.5,0.4,0.3,0.2:a\n0.4,0.3:0.2,0.1:b\n"

const record = `{
  "ncd": "1", "go": "go1.26", "platform": "linux/amd64", "program": "digits.ncd", "program_sha256": "0123", "train": "digits",
  "set": {"wide": "8"}, "rules": ["backprop"], "batch": 64, "epochs": 3, "seed": 1, "threads": 2,
  "data": [{"path": "ncd:digits8x8", "sha256": "4567"}],
  "final": {"final": true, "train": {"loss": 0.25}, "test": {"accuracy": 0.9}, "seconds": 1.5, "steps": 69, "peak_bytes": 4096}
}`

func scene() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 9, 7))
	for i := range 63 {
		m.Set(i%9, i/9, color.RGBA{byte(4 * i), byte(255 - i), byte(i * i), 255})
	}
	return m
}

func png() []byte {
	return written(func(b *bytes.Buffer) error { return encodepng.Encode(b, scene()) })
}

func jpeg() []byte {
	return written(func(b *bytes.Buffer) error { return encodejpeg.Encode(b, scene(), nil) })
}

// picture draws damaged PNG files, half of which have the checksums of what they hold.
func picture(whole []byte) func(*rand.Rand) []byte {
	return func(r *rand.Rand) []byte {
		file := damaged(r, whole, whole)
		if r.IntN(2) == 0 {
			mend(file)
		}
		return file
	}
}

// mend writes the checksums of a PNG file's chunks anew, as far as they can be found.
func mend(file []byte) {
	const signature = 8
	for at := signature; at+8 <= len(file); {
		length := int(order.BigEndian.Uint32(file[at:]))
		end := at + 8 + length
		if end+4 > len(file) {
			return
		}
		order.BigEndian.PutUint32(file[end:], crc32.ChecksumIEEE(file[at+4:end]))
		at = end + 4
	}
}

func wav() []byte {
	const rate, samples = 8000, 1600
	file := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00")
	file = order.LittleEndian.AppendUint32(file, rate)
	file = order.LittleEndian.AppendUint32(file, 2*rate)
	file = append(file, 2, 0, 16, 0)
	file = append(file, "data"...)
	file = order.LittleEndian.AppendUint32(file, 2*samples)
	for i := range samples {
		file = order.LittleEndian.AppendUint16(file, uint16(i*i*37))
	}
	order.LittleEndian.PutUint32(file[4:], uint32(len(file)-8))
	return file
}

// cifar has two pictures.
func cifar() []byte {
	const pixels = 3 * 32 * 32
	var file []byte
	for label := range byte(2) {
		file = append(append(file, label), bytes.Repeat([]byte{10 * label, 20, 30}, pixels/3)...)
	}
	return file
}

// network is a small convolution, some arithmetic on shapes, and a product.
func network() []byte {
	port := &onnx.Value{Name: "x", Kind: "tensor", Type: onnx.Float, HasShape: true}
	for _, size := range []int64{1, 3, 8, 8} {
		port.Dims = append(port.Dims, onnx.Dim{Size: size, Known: true})
	}
	held := func(name string, dims ...int64) *onnx.Tensor {
		n := int64(1)
		for _, d := range dims {
			n *= d
		}
		return &onnx.Tensor{Name: name, Type: onnx.Float, Dims: dims, Floats: make([]float32, n)}
	}
	node := func(op, out string, in ...string) *onnx.Node {
		return &onnx.Node{Op: op, Inputs: in, Outputs: []string{out}}
	}
	conv, pool := node("Conv", "c", "x", "w", "b"), node("MaxPool", "p", "r")
	conv.Attributes = []*onnx.Attribute{{Name: "pads", Type: onnx.IntsAttribute, Ints: []int64{1, 1, 1, 1}}}
	pool.Attributes = []*onnx.Attribute{{Name: "kernel_shape", Type: onnx.IntsAttribute, Ints: []int64{2, 2}}}
	return onnx.Encode(&onnx.Model{Opsets: []onnx.Opset{{Version: 17}}, Graph: &onnx.Graph{
		Name: "net", Inputs: []*onnx.Value{port}, Outputs: []*onnx.Value{{Name: "y", Kind: "tensor", Type: onnx.Float}},
		Nodes: []*onnx.Node{conv, node("Relu", "r", "c"), pool, node("Reshape", "f", "p", "s"), node("MatMul", "m", "f", "v"), node("Softmax", "y", "m")},
		Initializers: []*onnx.Tensor{
			held("w", 4, 3, 3, 3), held("b", 4), held("v", 196, 5), {Name: "s", Type: onnx.Int64, Dims: []int64{2}, Int64s: []int64{1, -1}},
		},
	}})
}

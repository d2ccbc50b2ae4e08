// Package library_test shows NCD as a library of other Go programs.
package library_test

import (
	"bytes"
	"embed"
	"fmt"
	"log"
	"slices"
	"testing/fstest"

	"ncd/compiler"
	"ncd/compiler/check"
	"ncd/compiler/plan"
	"ncd/render"
	"ncd/runtime/exec"
	"ncd/stdlib"
)

//go:embed spirals.ncd
var programs embed.FS

// A diagram is loaded and applied to an array.
func Example_run() {
	program, err := compiler.Load(programs, "spirals.ncd", check.Options{Library: stdlib.Files})
	if err != nil {
		log.Fatal(err)
	}
	p, err := compiler.Plan(program, "Classifier", map[string][]int{"point": {2}})
	if err != nil {
		log.Fatal(err)
	}
	machine, err := exec.Bind(p, exec.Options{Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	defer machine.Close()
	point, _ := machine.Array(plan.Input, "point")
	copy(point.Float32, []float32{0.5, -0.25})
	if err := machine.Run(); err != nil {
		log.Fatal(err)
	}
	scores := machine.Arrays(plan.Output)[0]
	fmt.Println(scores.Axes, scores.Dims, len(scores.Float32))
	// Output: [class] [2] 2
}

// A step of training is run over and over on one batch.
func Example_train() {
	program, err := compiler.Load(programs, "spirals.ncd", check.Options{Library: stdlib.Files, Training: true})
	if err != nil {
		log.Fatal(err)
	}
	block, said := program.Training("spirals", map[string][]int{"point": {2}, "label": {}}, map[string]int{"label": 2})
	if len(said) > 0 {
		log.Fatal(compiler.Faults(said))
	}
	step, err := compiler.Step(block)
	if err != nil {
		log.Fatal(err)
	}
	machine, err := exec.Bind(step, exec.Options{Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	defer machine.Close()
	points, _ := machine.Array(plan.Input, "point")
	labels, _ := machine.Array(plan.Input, "label")
	for i := range labels.Int32 { // left of the middle, or right of it
		x := float32(i)/float32(len(labels.Int32)) - 0.5
		points.Float32[2*i], points.Float32[2*i+1] = x, x*x
		if x > 0 {
			labels.Int32[i] = 1
		}
	}
	loss, _ := machine.Array(plan.Output, "loss")
	var first float32
	for i := range 50 {
		if err := machine.Run(); err != nil {
			log.Fatal(err)
		}
		if i == 0 {
			first = loss.Float32[0]
		}
	}
	fmt.Println("the loss has fallen to a tenth:", loss.Float32[0] < first/10)
	// Output: the loss has fallen to a tenth: true
}

// A diagram is drawn.
func Example_draw() {
	program, err := compiler.Load(programs, "spirals.ncd", check.Options{Library: stdlib.Files})
	if err != nil {
		log.Fatal(err)
	}
	d, said := program.Diagram("Classifier", nil)
	if len(said) > 0 {
		log.Fatal(compiler.Faults(said))
	}
	scene, _, err := render.Figure(d, render.Options{})
	if err != nil {
		log.Fatal(err)
	}
	var figure bytes.Buffer
	if err := render.Write(&figure, scene, "svg"); err != nil {
		log.Fatal(err)
	}
	fmt.Println(slices.Contains(render.Formats(), "svg"), bytes.HasPrefix(figure.Bytes(), []byte("<svg")))
	// Output: true true
}

// What is wrong with a program is told with its place.
func Example_faults() {
	wrong := fstest.MapFS{"wrong.ncd": {Data: []byte("diagram Scores(x[m]) -> [n:3] { x >> linaer[m -> n:3] }\n")}}
	_, err := compiler.Load(wrong, "wrong.ncd", check.Options{Library: stdlib.Files})
	fmt.Println(err)
	// Output:
	// error[UnknownBox]: no box `linaer`; did you mean `linear`?
	//  --> wrong.ncd:1:38
	//   |
	// 1 | diagram Scores(x[m]) -> [n:3] { x >> linaer[m -> n:3] }
	//   |                                      ^^^^^^
}

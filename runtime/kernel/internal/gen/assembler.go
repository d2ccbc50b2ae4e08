package main

import (
	"bytes"
	"fmt"
	"log"
	"os"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/buildtags"
	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// assembler collects the functions of one generated file. It stands on avo's
// instructions and passes alone: avo/build would load packages, for which
// there is nothing here.
type assembler struct {
	file     *ir.File
	function *ir.Function
	reg.Collection
}

func newAssembler() *assembler {
	f := ir.NewFile()
	constraint, err := buildtags.ParseConstraint("!purego")
	if err != nil {
		log.Fatal(err)
	}
	f.Constraints = buildtags.Constraints{constraint}
	return &assembler{file: f, Collection: *reg.NewCollection()}
}

// begin starts a function.
func (a *assembler) begin(name, signature, doc string) {
	s, err := gotypes.ParseSignature(signature)
	if err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	a.function = ir.NewFunction(name)
	a.function.Attributes = attr.NOSPLIT
	a.function.Doc = []string{name + " " + doc}
	a.function.AddPragma("noescape")
	a.function.SetSignature(s)
	a.file.AddSection(a.function)
}

// do adds what a constructor of package x86 returned.
func (a *assembler) do(i *ir.Instruction, err error) {
	if err != nil {
		log.Fatalf("%s: %v", a.function.Name, err)
	}
	a.function.AddInstruction(i)
}

func (a *assembler) label(name string) { a.function.AddLabel(ir.Label(name)) }

// argument is a parameter of the current function.
func (a *assembler) argument(name string) gotypes.Component {
	return a.function.Signature.Params().Lookup(name)
}

// place is where a component lies in the frame.
func (a *assembler) place(c gotypes.Component) operand.Mem {
	b, err := c.Resolve()
	if err != nil {
		log.Fatalf("%s: %v", a.function.Name, err)
	}
	return b.Addr
}

// fetch puts a component of eight bytes into a fresh register.
func (a *assembler) fetch(c gotypes.Component) reg.GPVirtual {
	r := a.GP64()
	a.do(x86.MOVQ(a.place(c), r))
	return r
}

// load puts an argument of eight bytes into a fresh register.
func (a *assembler) load(name string) reg.GPVirtual { return a.fetch(a.argument(name)) }

// loadBytes is load, with a count of float32s turned into bytes.
func (a *assembler) loadBytes(name string) reg.GPVirtual {
	r := a.load(name)
	a.do(x86.SHLQ(operand.U8(2), r))
	return r
}

// words is a table of 32-bit constants in read-only data.
func (a *assembler) words(name string, values ...uint32) operand.Mem {
	g := ir.NewStaticGlobal(name)
	g.Attributes = attr.RODATA | attr.NOPTR
	for _, v := range values {
		g.Append(operand.U32(v))
	}
	a.file.AddSection(g)
	return g.Base()
}

// write compiles the file and writes name.s and the Go stubs name.go.
func (a *assembler) write(name string) {
	if err := pass.Compile.Execute(a.file); err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	config := printer.Config{Name: "runtime/kernel/internal/gen", Pkg: "kernel"}
	for suffix, build := range map[string]printer.Builder{".s": printer.NewGoAsm, ".go": printer.NewStubs} {
		text, err := build(config).Print(a.file)
		if err != nil {
			log.Fatalf("%s: %v", name, err)
		}
		if err := os.WriteFile(name+suffix, bytes.TrimLeft(text, "\n"), 0o644); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(name)
}

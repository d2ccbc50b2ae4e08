// Command gen writes the assembly of runtime/kernel: the files z*_amd64.s and
// their Go stubs, into the current folder. It runs by go generate and is no
// part of the program; only it imports avo.
package main

func main() {
	generateGemm()
	generateTranspose()
	generateMap()
	generateRows()
	writePolynomials("zpolynomials.go")
}

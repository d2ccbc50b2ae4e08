package grad

import (
	"reflect"

	"ncd/compiler/diagram"
)

// What the tests look into. They are a package of their own because rewrite, which
// makes the flat diagrams that they differentiate, imports this one.

func VJPs() map[reflect.Type]func(*application) { return vjps }

func Derivatives() map[diagram.Fn][]func(instruction) int { return derivatives }

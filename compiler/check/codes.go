package check

import "ncd/grammar/source"

// The codes of what this package says. Each has an example program in
// testdata/codes that yields it and nothing else.
const (
	// DeclaredTwice: a name is declared, or defined as a port or parameter, a second time.
	DeclaredTwice source.Code = "DeclaredTwice"
	// MissingImport: an imported file is not there.
	MissingImport source.Code = "MissingImport"
	// CyclicImport: a file is imported on the way to itself.
	CyclicImport source.Code = "CyclicImport"
	// CyclicValue: a const or axis is defined by itself.
	CyclicValue source.Code = "CyclicValue"
	// EndlessDiagram: a diagram is used inside itself without end.
	EndlessDiagram source.Code = "EndlessDiagram"

	// UnknownName: a name stands for nothing here.
	UnknownName source.Code = "UnknownName"
	// UnknownBox: wires flow into a name that is no box.
	UnknownBox source.Code = "UnknownBox"
	// UnknownAxis: a box asks for an axis that the wire has not.
	UnknownAxis source.Code = "UnknownAxis"
	// UnknownParameter: brackets name a parameter that the box has not.
	UnknownParameter source.Code = "UnknownParameter"
	// UnknownSetting: a value is set from outside for a name the program has not.
	UnknownSetting source.Code = "UnknownSetting"
	// UnknownKey: a line of a train block begins with a word that means nothing there.
	UnknownKey source.Code = "UnknownKey"
	// UnknownDeclaration: a diagram, train block or rule that is asked for is not there.
	UnknownDeclaration source.Code = "UnknownDeclaration"

	// UnusedWire: a wire or a bound box is never used.
	UnusedWire source.Code = "UnusedWire"
	// UnusedParameter: a static parameter is never used.
	UnusedParameter source.Code = "UnusedParameter"
	// UnusedSlot: a slot is saved and never loaded.
	UnusedSlot source.Code = "UnusedSlot"
	// EmptySlot: a slot is loaded that nothing was saved in.
	EmptySlot source.Code = "EmptySlot"

	// AxisSize: one axis has two sizes.
	AxisSize source.Code = "AxisSize"
	// AxisTwice: one wire has the same axis twice.
	AxisTwice source.Code = "AxisTwice"
	// AxisMissing: a port wants an axis for which nothing is left.
	AxisMissing source.Code = "AxisMissing"
	// AxisAmbiguous: it cannot be told which axes of a wire a port's axes are.
	AxisAmbiguous source.Code = "AxisAmbiguous"
	// AxisCapture: an axis is left over in the argument, but also made by the box.
	AxisCapture source.Code = "AxisCapture"
	// AxisUnderstood remarks which axis was taken for which.
	AxisUnderstood source.Code = "AxisUnderstood"
	// NothingShared: two arrays without a common axis are added or multiplied.
	NothingShared source.Code = "NothingShared"
	// BadAxes: brackets that name axes in a way that cannot be read.
	BadAxes source.Code = "BadAxes"

	// SizeUnknown: nothing says how many places an axis has.
	SizeUnknown source.Code = "SizeUnknown"
	// SizeInvalid: a size does not come out whole, or is less than nothing.
	SizeInvalid source.Code = "SizeInvalid"
	// SizeLimit: an axis or an array is larger than any that is taken.
	SizeLimit source.Code = "SizeLimit"
	// SizeNeeded: a wire, box or text stands where a size or number must.
	SizeNeeded source.Code = "SizeNeeded"

	// IndexOrder: brackets list a wire's own axes in another order than the wire.
	IndexOrder source.Code = "IndexOrder"
	// IndexCount: brackets name more or fewer axes than the wire has.
	IndexCount source.Code = "IndexCount"
	// IndexUnread: a letter stands left of `=` only.
	IndexUnread source.Code = "IndexUnread"
	// IndexOutside: a wire is read outside of its axis.
	IndexOutside source.Code = "IndexOutside"
	// InvalidEquation: the right side of an index equation is no product of indexed wires.
	InvalidEquation source.Code = "InvalidEquation"

	// WireNeeded: something else stands where a wire must.
	WireNeeded source.Code = "WireNeeded"
	// BoxNeeded: something else stands where a box must.
	BoxNeeded source.Code = "BoxNeeded"
	// WireCount: a box is given more or fewer wires than it takes.
	WireCount source.Code = "WireCount"
	// PlaceNeeded: numbers flow where places along an axis must.
	PlaceNeeded source.Code = "PlaceNeeded"
	// NumberNeeded: places along an axis flow where numbers must.
	NumberNeeded source.Code = "NumberNeeded"
	// ParameterMissing: a parameter without a default is not given.
	ParameterMissing source.Code = "ParameterMissing"
	// ParameterKind: a parameter is given something of another kind.
	ParameterKind source.Code = "ParameterKind"
	// ResultMissing: a diagram ends without a result.
	ResultMissing source.Code = "ResultMissing"
	// ResultMismatch: a diagram's result is not what its signature says.
	ResultMismatch source.Code = "ResultMismatch"
	// RearrangementMismatch: a rearrangement does not name the axes of its wire.
	RearrangementMismatch source.Code = "RearrangementMismatch"
	// ConditionStatic: a condition hangs on what is not known before data flow.
	ConditionStatic source.Code = "ConditionStatic"
	// StateOutside: a box carries a state, and nothing says along which axis.
	StateOutside source.Code = "StateOutside"
	// InvalidReverse: a backward program is not what its diagram needs.
	InvalidReverse source.Code = "InvalidReverse"
	// NoGradient: a gradient is asked for of what is no scalar, or by what it does not hang on.
	NoGradient source.Code = "NoGradient"
	// SharedSizes: one box is used with weights of different sizes.
	SharedSizes source.Code = "SharedSizes"

	// EntryMissing: a train block lacks something that it cannot do without.
	EntryMissing source.Code = "EntryMissing"
	// EntryTwice: a key that may stand once stands twice.
	EntryTwice source.Code = "EntryTwice"
	// InvalidEntry: an entry of a train block says something it cannot.
	InvalidEntry source.Code = "InvalidEntry"
	// DataMismatch: the data are not what the train block says.
	DataMismatch source.Code = "DataMismatch"
	// RuleMismatch: a learning rule does not fit a layer.
	RuleMismatch source.Code = "RuleMismatch"

	// UnmetClaim: what a test expects of a type or an error is not so.
	UnmetClaim source.Code = "UnmetClaim"
)

// Codes are all codes of this package.
var Codes = []source.Code{
	DeclaredTwice, MissingImport, CyclicImport, CyclicValue, EndlessDiagram,
	UnknownName, UnknownBox, UnknownAxis, UnknownParameter, UnknownSetting, UnknownKey, UnknownDeclaration,
	UnusedWire, UnusedParameter, UnusedSlot, EmptySlot,
	AxisSize, AxisTwice, AxisMissing, AxisAmbiguous, AxisCapture, AxisUnderstood, NothingShared, BadAxes,
	SizeUnknown, SizeInvalid, SizeLimit, SizeNeeded,
	IndexOrder, IndexCount, IndexUnread, IndexOutside, InvalidEquation,
	WireNeeded, BoxNeeded, WireCount, PlaceNeeded, NumberNeeded, ParameterMissing, ParameterKind,
	ResultMissing, ResultMismatch, RearrangementMismatch, ConditionStatic, StateOutside, InvalidReverse, NoGradient, SharedSizes,
	EntryMissing, EntryTwice, InvalidEntry, DataMismatch, RuleMismatch, UnmetClaim,
}

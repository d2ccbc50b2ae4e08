package importer

import (
	"ncd/internal/onnx"
)

// shaping are the operators that move numbers and change none.
var shaping = map[string]operator{
	"Reshape":         {1, (*translation).reshape},
	"Flatten":         {1, (*translation).flatten},
	"Squeeze":         {1, (*translation).squeeze},
	"Unsqueeze":       {1, (*translation).unsqueeze},
	"Transpose":       {1, (*translation).transpose},
	"Concat":          {1, (*translation).concat},
	"Split":           {1, (*translation).split},
	"Slice":           {1, (*translation).slice},
	"Pad":             {1, (*translation).pad},
	"Expand":          {2, (*translation).expand},
	"Gather":          {2, (*translation).gather},
	"Shape":           {1, (*translation).sizeOf},
	"Size":            {1, (*translation).count},
	"Tile":            {2, (*translation).tile},
	"Trilu":           {1, (*translation).triangle},
	"Resize":          {1, (*translation).resize},
	"Upsample":        {1, (*translation).resize},
	"Constant":        {0, (*translation).constant},
	"ConstantOfShape": {1, (*translation).constantOfShape},
	"Range":           {3, (*translation).counting},
	"DepthToSpace":    {1, (*translation).depthToSpace},
	"SpaceToDepth":    {1, (*translation).spaceToDepth},
}

// axisOf is an axis that may be counted from the end.
func axisOf(n *onnx.Node, axis, rank int) (int, error) {
	if axis < 0 {
		axis += rank
	}
	if axis < 0 || axis >= rank {
		return 0, refuse(n, "there is no axis %d of %d", axis, rank)
	}
	return axis, nil
}

package check

// elsewhere are words of other systems for what is said otherwise here.
var elsewhere = map[string]string{
	"transpose": "brackets that stand apart put axes in order: `x >> [m s]`",
	"permute":   "brackets that stand apart put axes in order: `x >> [m s]`",
	"rearrange": "brackets that stand apart are the box: `x >> [b h w -> b s=(h w)]`",
	"reshape":   "axes are merged and split by name: `x >> [row col -> s=(row col)]`, `x >> [m=(h:8 k) -> h k]`",
	"view":      "axes are merged and split by name: `x >> [row col -> s=(row col)]`, `x >> [m=(h:8 k) -> h k]`",
	"flatten":   "axes are merged by name: `x >> [row col -> s=(row col)]`",
	"squeeze":   "an axis of one place is left out by name: `x >> [m c -> m]`",
	"unsqueeze": "an axis of one place is added by name: `x >> [m -> m c:1]`",
	"repeat":    "`spread[n:4]` repeats a wire along a new axis",
	"expand":    "`spread[n:4]` repeats a wire along a new axis",
	"broadcast": "axes of the same name go together by themselves; `spread[n:4]` repeats a wire along a new one",
	"embedding": "a linear box on places looks up: `tokens >> linear[vocab -> m:64]`",
	"einsum":    "an index equation says it: `z[b e] = x[b d] * y[d e]`",
	"matmul":    "an index equation says it: `z[b e] = x[b d] * y[d e]`; with weights of its own it is `linear[d -> e:5]`",
	"dot":       "an index equation says it: `z[b e] = x[b d] * y[d e]`",
	"dense":     "with a bias it is `affine[m -> n:64]`, without one `linear[m -> n:64]`",
	"clip":      "`clip_gradient[m, norm = 1.0]` shortens what goes back; `clip` is a filter of changes, behind an optimizer",
	"tap":       "what is sent back to a wire is a value: `grad[s, x]`, for the number s and a wire x that it hangs on",
	"push":      "only a rule sends signals back; elsewhere the gradient is a value: `grad[s, x]`",
	"pull":      "only a rule makes changes of weights; elsewhere the gradient is a value: `grad[s, f]`",
	"bmm":       "an index equation says it: `z[b e] = x[b d] * y[b d e]`",
}

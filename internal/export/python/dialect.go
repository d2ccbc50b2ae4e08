package python

import (
	"ncd/compiler/diagram"
)

// Dialect is an array library.
type Dialect struct {
	Module string // what its functions are called by: "torch", "jnp"

	unary      map[diagram.Fn]string // formats of an expression
	helpers    map[string]string     // definitions by name
	order      []string              // of the helpers
	reduces    map[string]string     // methods and functions of reductions
	number     string                // format that makes numbers of places or truths
	place      string                // format that makes places of numbers
	arange     string                // format of the numbers 0, 1, 2 …
	filled     string                // format of an array of one number: shape, number
	atLeast    string                // format of the larger of an array and a number
	atMost     string
	detached   string
	wrapNumber string // format that makes an array of a Python number
}

// PyTorch speaks to torch.
func PyTorch() *Dialect {
	d := &Dialect{
		Module: "torch",
		unary: map[diagram.Fn]string{
			diagram.FnExp: "torch.exp(%s)", diagram.FnLog: "torch.log(%s)", diagram.FnSqrt: "torch.sqrt(%s)", diagram.FnAbs: "torch.abs(%s)",
			diagram.FnSign: "torch.sign(%s)", diagram.FnSin: "torch.sin(%s)", diagram.FnCos: "torch.cos(%s)", diagram.FnTanh: "torch.tanh(%s)",
			diagram.FnSigmoid: "torch.sigmoid(%s)", diagram.FnRelu: "torch.relu(%s)", diagram.FnGelu: "nn.functional.gelu(%s)",
			diagram.FnSilu: "nn.functional.silu(%s)", diagram.FnSoftplus: "nn.functional.softplus(%s)", diagram.FnSquare: "torch.square(%s)",
			diagram.FnErf: "torch.erf(%s)",
		},
		number: "%s.float()", place: "%s.long()", arange: "torch.arange(%s)", filled: "torch.full((%s), %s)",
		atLeast: "%s.clamp(min=%s)", atMost: "%s.clamp(max=%s)", detached: "%s.detach()", wrapNumber: "torch.tensor(%s)",
		reduces: map[string]string{
			"mean": "%[1]s.mean((%[2]s))", "max": "%[1]s.amax((%[2]s))", "min": "%[1]s.amin((%[2]s))",
			"logsumexp": "torch.logsumexp(%[1]s, (%[2]s))", "product": "%[1]s.prod(-1)", "argmax": "%[1]s.argmax(%[2]s)", "argmin": "%[1]s.argmin(%[2]s)",
		},
	}
	d.helpers, d.order = readHelpers("torch.py")
	return d
}

// JAX speaks to jax.numpy.
func JAX() *Dialect {
	d := &Dialect{
		Module: "jnp",
		unary: map[diagram.Fn]string{
			diagram.FnExp: "jnp.exp(%s)", diagram.FnLog: "jnp.log(%s)", diagram.FnSqrt: "jnp.sqrt(%s)", diagram.FnAbs: "jnp.abs(%s)",
			diagram.FnSign: "jnp.sign(%s)", diagram.FnSin: "jnp.sin(%s)", diagram.FnCos: "jnp.cos(%s)", diagram.FnTanh: "jnp.tanh(%s)",
			diagram.FnSigmoid: "jax.nn.sigmoid(%s)", diagram.FnRelu: "jax.nn.relu(%s)", diagram.FnGelu: "jax.nn.gelu(%s, approximate=False)",
			diagram.FnSilu: "jax.nn.silu(%s)", diagram.FnSoftplus: "jax.nn.softplus(%s)", diagram.FnSquare: "jnp.square(%s)",
			diagram.FnErf: "jax.scipy.special.erf(%s)",
		},
		number: "%s.astype(jnp.float32)", place: "%s.astype(jnp.int32)", arange: "jnp.arange(%s)", filled: "jnp.full((%s), %s)",
		atLeast: "jnp.maximum(%s, %s)", atMost: "jnp.minimum(%s, %s)", detached: "jax.lax.stop_gradient(%s)", wrapNumber: "jnp.float32(%s)",
		reduces: map[string]string{
			"mean": "%[1]s.mean((%[2]s))", "max": "%[1]s.max((%[2]s))", "min": "%[1]s.min((%[2]s))",
			"logsumexp": "jax.nn.logsumexp(%[1]s, (%[2]s))", "product": "%[1]s.prod(-1)", "argmax": "%[1]s.argmax(%[2]s)", "argmin": "%[1]s.argmin(%[2]s)",
		},
	}
	d.helpers, d.order = readHelpers("jax.py")
	return d
}

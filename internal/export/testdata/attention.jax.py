"""Heads, written by ncd export from attention.ncd (mode eval).

The axes of each array stand behind its line; any axes in front of them are lifted over.
Weights are a dictionary by ncd's paths: see load() at the end.
"""
import math

import jax
import jax.numpy as jnp
import numpy


def softmax(x, axes):
    """e^x over its sum along the axes; zeros where nothing is left because all are -inf."""
    top = jax.lax.stop_gradient(jnp.max(x, axes, keepdims=True))
    e = jnp.exp(x - jnp.where(jnp.isinf(top), 0, top))
    return e / jnp.maximum(e.sum(axes, keepdims=True), jnp.finfo(x.dtype).tiny)


def attention(q, K, V):
    """What each place y gathers from the places x."""

    # q [y:3 k:2]
    # K [x:5 k:2]
    # V [x:5 k:2]
    constant1 = 0.7071067811865475  # []
    scores = constant1 * jnp.einsum("...yk,...xk->...yx", q, K)  # [y:3 x:5]
    weights = softmax(scores, (-1,))  # [y:3 x:5]
    result = jnp.einsum("...yx,...xk->...yk", weights, V)  # [y:3 k:2]
    return result


def heads(w, target, source):
    # target [y:3 m:4]
    # source [x:5 m:4]
    q = jnp.einsum("...ym,mhk->...yhk", target, w["q.weight"])  # [y:3 h:2 k:2]
    K = jnp.einsum("...xm,mhk->...xhk", source, w["K.weight"])  # [x:5 h:2 k:2]
    V = jnp.einsum("...xm,mhk->...xhk", source, w["V.weight"])  # [x:5 h:2 k:2]
    attention1 = attention(jnp.einsum("...yhk->...hyk", q), jnp.einsum("...xhk->...hxk", K), jnp.einsum("...xhk->...hxk", V))  # [h:2 y:3 k:2]
    linear1 = jnp.einsum("...hyk,hkm->...my", attention1, w["linear.0.weight"])  # [m:4 y:3]
    rearrange1 = jnp.einsum("...my->...ym", linear1)  # [y:3 m:4]
    return rearrange1


def model(w, *ports):
    """The diagram applied to its ports, with weights by path."""
    return heads(w, *ports)


def load(weights):
    """The weights of a safetensors file of ncd's, by path."""
    from safetensors.numpy import load_file

    return {path: jnp.asarray(x) for path, x in load_file(weights).items()}

"""Spiking, written by ncd export from spikes.ncd (mode eval).

The axes of each array stand behind its line; any axes in front of them are lifted over.
Weights are a dictionary by ncd's paths: see load() at the end.
"""
import math

import jax
import jax.numpy as jnp
import numpy


def spread(x, axis, size):
    """x, the same at each place of a new axis."""
    return jnp.repeat(jnp.expand_dims(x, axis), size, axis)


def flatten(x, first, last):
    """The axes from first to last as one."""
    first, last = x.ndim + first, x.ndim + last
    return x.reshape(x.shape[:first] + (-1,) + x.shape[last + 1 :])


def stack(turns, axis):
    """What the turns of a loop made, side by side along a new axis."""
    return jnp.stack(jnp.broadcast_arrays(*turns), axis)


def given_back(g, x):
    """What is sent back to x, added up over the axes that x is the same along."""
    g = jnp.broadcast_to(g, jnp.broadcast_shapes(g.shape, x.shape))
    g = g.sum(tuple(range(g.ndim - x.ndim)))
    return g.sum([i for i in range(x.ndim) if x.shape[i] != g.shape[i]], keepdims=True)


@jax.custom_vjp
def spike_reverse(u, x1):
    """What Spike makes, and what it sends back."""
    return x1


def spike_reverse_back(kept, g):
    u, x1, = kept
    g = g
    mul1 = u * u  # []
    add1 = 1.0 + mul1  # []
    div1 = g / add1  # []
    return given_back(div1, u), jnp.zeros_like(x1)


spike_reverse.defvjp(lambda u, x1: ((x1), (u, x1,)), spike_reverse_back)


def spike(u):
    # u []
    step1 = (u > 0).astype(jnp.float32)  # []
    x1 = spike_reverse(u, jax.lax.stop_gradient(step1))
    return x1


def neuron(state, x):
    # x [n:4]
    after = {}
    v = state.get("v", jnp.full((4,), 0.0))  # [n:4]
    u = v + x  # [n:4]
    sub1 = u - 1.0  # [n:4]
    s = spike(sub1)  # [n:4]
    sub2 = 1.0 - s  # [n:4]
    v2 = u * sub2  # [n:4]
    after["v"] = v2  # [n:4]
    return s, after


def spiking(w, image):
    # image [row:2 col:3]
    merge1 = flatten(image, -2, -1)  # [pixel:6]
    affine1 = jnp.einsum("...p,pn->...n", merge1, w["affine.0.weight"]) + w["affine.0.bias"]  # [n:4]
    spread1 = spread(affine1, -2, 5)  # [t:5 n:4]
    neuron_0_state = {}
    scan1_turns = []
    for t in range(5):
        if t > 0:  # nothing is sent back to the turn before
            neuron_0_state = jax.lax.stop_gradient(neuron_0_state)
        scan1, neuron_0_state = neuron(neuron_0_state, spread1[..., t, :])  # [n:4]
        scan1_turns.append(scan1)
    scan2 = stack(scan1_turns, -2)  # [t:5 n:4]
    mean1 = scan2.mean((-2,))  # [n:4]
    return mean1


def model(w, *ports):
    """The diagram applied to its ports, with weights by path."""
    return spiking(w, *ports)


def load(weights):
    """The weights of a safetensors file of ncd's, by path."""
    from safetensors.numpy import load_file

    return {path: jnp.asarray(x) for path, x in load_file(weights).items()}

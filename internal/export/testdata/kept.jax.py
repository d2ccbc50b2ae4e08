"""Norm, written by ncd export from kept.ncd (mode eval).

The axes of each array stand behind its line; any axes in front of them are lifted over.
Weights are a dictionary by ncd's paths: see load() at the end.
"""
import math

import jax
import jax.numpy as jnp
import numpy


def within(w, path):
    """The weights of a part, by their paths inside of it."""
    return {name[len(path) + 1 :]: x for name, x in w.items() if name.startswith(path + ".")}


def spread(x, axis, size):
    """x, the same at each place of a new axis."""
    return jnp.repeat(jnp.expand_dims(x, axis), size, axis)


def given_back(g, x):
    """What is sent back to x, added up over the axes that x is the same along."""
    g = jnp.broadcast_to(g, jnp.broadcast_shapes(g.shape, x.shape))
    g = g.sum(tuple(range(g.ndim - x.ndim)))
    return g.sum([i for i in range(x.ndim) if x.shape[i] != g.shape[i]], keepdims=True)


def kept_mean(x, own):
    """What is kept of an array: the mean over the further axes in front."""
    return jax.lax.stop_gradient(x.mean(tuple(range(x.ndim - own))))


@jax.custom_vjp
def divide_reverse(x, size, z, growth):
    """What Divide makes, and what it sends back."""
    return z


def divide_reverse_back(kept, g):
    x, size, z, growth, = kept
    g = g
    mul1 = 0.1 * growth  # [c:3]
    mul2 = mul1[..., :, None] * jnp.einsum("...bc->...cb", z)  # [c:3 batch:4]
    sent = g - jnp.einsum("...cb->...bc", mul2)  # [batch:4 c:3]
    mul3 = sent * z  # [batch:4 c:3]
    constant1 = 0.25  # []
    mean1 = constant1 * jnp.einsum("...bc->...c", mul3)  # [c:3]
    growth2 = growth + mean1  # [c:3]
    div1 = sent / size[..., None, :]  # [batch:4 c:3]
    mul4 = 0.0 * size  # [c:3]
    return given_back(div1, x), given_back(mul4, size), jnp.zeros_like(z), kept_mean(growth2, 1)


divide_reverse.defvjp(lambda x, size, z, growth: ((z), (x, size, z, growth,)), divide_reverse_back)


def divide(w, x, size):
    # x [batch:4 c:3]
    # size [c:3]
    z = x / size[..., None, :]  # [batch:4 c:3]
    z = divide_reverse(x, size, jax.lax.stop_gradient(z), w.get("growth", jnp.full((3,), 0.0)))
    return z


def norm(w, x):
    # x [batch:4 c:3]
    constant1 = 2.0  # []
    spread1 = spread(constant1, -1, 3)  # [c:3]
    divide1 = divide(within(w, "divide.0"), x, spread1)  # [batch:4 c:3]
    gain1 = divide1 * w["gain.0.weight"]  # [batch:4 c:3]
    return gain1


def model(w, *ports):
    """The diagram applied to its ports, with weights by path."""
    return norm(w, *ports)


def load(weights):
    """The weights of a safetensors file of ncd's, by path."""
    from safetensors.numpy import load_file

    return {path: jnp.asarray(x) for path, x in load_file(weights).items()}

"""Training of net, written by ncd export from step.ncd.

step() is one step of training: weights, states and a batch to new weights, new states and
reports. The axes of each array stand behind its line. Weights are a dictionary by ncd's
paths. Draws of chance and the order of examples are those of ncd train, so that a run
follows it step by step. The arrays of --data are those that ncd export --to npz writes.
"""
import argparse
import json
import math

import jax
import jax.numpy as jnp
import numpy

BATCH = 8  # examples in a step
SEED = 1  # of all chance
STEPS = 10  # of the whole run

# Weights by path: their axes, their sizes, how their first values are drawn, by how much, and the name of the draw.
WEIGHTS = {
    "affine.0.weight": (("row", "col", "hidden",), (8, 8, 4,), "uniform", 0.21650635094610965, "affine.0.weight\x00"),
    "affine.0.bias": (("hidden",), (4,), "constant", 0.0, "affine.0.bias\x00"),
    "affine.1.weight": (("hidden", "class",), (4, 10,), "uniform", 0.8660254037844386, "affine.1.weight\x00"),
    "affine.1.bias": (("class",), (10,), "constant", 0.0, "affine.1.bias\x00"),
    "rule.affine.0.B": (("class", "hidden",), (10, 4,), "uniform", 1.0, "rule.affine.0.B\x00"),
}

# States by path: their axes, their sizes, and the number that each begins with. Those that are kept are saved with the weights.
STATES = {
}
KEPT = []

# What a batch has: axes, sizes.
FIELDS = {
    "image": (("batch", "row", "col",), (8, 8, 8,)),
    "label": (("batch",), (8,)),
}


def logsoftmax(x, axes):
    """x less the logarithm of the sum of e^x along the axes; zeros where all are -inf."""
    top = jax.lax.stop_gradient(jnp.max(x, axes, keepdims=True))
    x = x - jnp.where(jnp.isinf(top), 0, top)
    total = jnp.exp(x).sum(axes, keepdims=True)
    return jnp.where(total == 0, 0, x - jnp.log(jnp.where(total == 0, 1, total)))


def look_up(x, place):
    """What stands at a place along the last axis, for every place of the others."""
    shape = jnp.broadcast_shapes(x.shape[:-1], place.shape)
    x = jnp.broadcast_to(x, shape + x.shape[-1:])
    return jnp.take_along_axis(x, jnp.broadcast_to(place, shape)[..., None], axis=-1)[..., 0]


def one_hot(place, size):
    """1 at a place along a new last axis, else 0."""
    return (place[..., None] == jnp.arange(size)).astype(jnp.float32)


def philox(counter, key):
    """Philox 4x32-10 of Salmon, Moraes, Dror and Shaw (SC 2011): ten rounds over a counter."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        high0, low0 = multiplied(0xD2511F53, c0)
        high1, low1 = multiplied(0xCD9E8D57, c2)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = k0 + jnp.uint32(0x9E3779B9), k1 + jnp.uint32(0xBB67AE85)
    return c0, c1, c2, c3


def multiplied(a, b):
    """The high and the low half of a product of two numbers of 32 bits."""
    a0, a1, b0, b1 = jnp.uint32(a & 0xFFFF), jnp.uint32(a >> 16), b & 0xFFFF, b >> 16
    low, middle = a0 * b0, a1 * b0
    carried = (low >> 16) + (middle & 0xFFFF) + a0 * b1
    carry = (carried < a0 * b1).astype(jnp.uint32)
    high = a1 * b1 + (middle >> 16) + (carried >> 16) + (carry << 16)
    return high, (carried << 16) | (low & 0xFFFF)


def words(count, seed, stream, step):
    """The first words that the generator gives for a seed, a stream and a step."""
    blocks = jnp.arange((count + 3) // 4, dtype=jnp.uint32)
    zero = jnp.zeros_like(blocks)
    key = seed[0] + zero, seed[1] + zero
    return jnp.stack(philox((blocks, zero, stream + zero, step + zero), key), -1).reshape(-1)[:count]


def key_of(seed, name):
    """The seed and the stream of the draws of that name."""
    total = 0xCBF29CE484222325
    for byte in name.encode():
        total = (total ^ byte) * 0x100000001B3 % 2**64
    seed ^= total
    return (jnp.uint32(seed % 2**32), jnp.uint32(seed >> 32)), jnp.uint32(total >> 32)


def drawn(distribution, scale, shape, seed, name, step):
    """A draw for each place of shape, the same as the project's own at this step of this seed."""
    count = math.prod(shape)
    key, stream = key_of(seed, name)
    bits = words(count + count % 2, key, stream, jnp.uint32(step))
    unit = (bits >> 8).astype(jnp.float32) * 2.0**-24
    if distribution == "normal":
        radius, angle = jnp.sqrt(-2 * jnp.log1p(-unit[0::2])), 2 * math.pi * unit[1::2]
        unit = jnp.stack([radius * jnp.cos(angle), radius * jnp.sin(angle)], -1).reshape(-1)
    if distribution == "sign":
        unit = jnp.where(unit < 0.5, -1.0, 1.0)
    if distribution == "symmetric":
        unit = 2 * unit - 1
    return scale * unit[:count].reshape(shape)


def step(w, s, batch, number, seed=SEED):
    """Step number (from 0) of training: weights, states and a batch to new ones, and reports."""
    image = batch["image"]  # [batch:8 row:8 col:8]
    label = batch["label"]  # [batch:8] in class:10
    affine_0_weight = w["affine.0.weight"]  # [row:8 col:8 hidden:4]
    affine_0_bias = w["affine.0.bias"]  # [hidden:4]
    affine_1_weight = w["affine.1.weight"]  # [hidden:4 class:10]
    affine_1_bias = w["affine.1.bias"]  # [class:10]
    rule_affine_0_B = w["rule.affine.0.B"]  # [class:10 hidden:4]
    affine1 = jnp.einsum("brc,rch->bh", image, affine_0_weight)  # [batch:8 hidden:4]
    uniform1 = drawn("uniform", 1.0, (8, 4,), seed, "model 0 0.dropout.0", number + 1)  # [batch:8 hidden:4]
    div1 = (uniform1 < 0.5).astype(jnp.float32) / 0.5
    mul1 = div1  # [batch:8 hidden:4]
    mul2 = (affine1 + affine_0_bias) * div1  # [batch:8 hidden:4]
    affine2 = jnp.einsum("bh,hc->bc", mul2, affine_1_weight)  # [batch:8 class:10]
    affine3 = affine2 + affine_1_bias  # [batch:8 class:10]
    logsoftmax1 = logsoftmax(affine3, (-1,))  # [batch:8 class:10]
    take1 = look_up(logsoftmax1, label)  # [batch:8]
    neg1 = -take1  # [batch:8]
    constant1 = 0.125  # []
    loss = constant1 * jnp.einsum("b->", neg1)  # []
    map1 = jnp.full((8,), -0.125)  # [batch:8]
    take2 = jnp.einsum("b,bc->bc", map1, one_hot(label, 10))  # [batch:8 class:10]
    logsoftmax2 = jnp.einsum("bc->b", take2)  # [batch:8]
    logsoftmax3 = take2 - jnp.exp(logsoftmax1) * logsoftmax2[:, None]  # [batch:8 class:10]
    d_affine_1_bias = jnp.einsum("bc->c", logsoftmax3)  # [class:10]
    d_affine_1_weight = jnp.einsum("bc,bh->hc", logsoftmax3, mul2)  # [hidden:4 class:10]
    contract1 = jnp.einsum("bc,ch->bh", logsoftmax3, rule_affine_0_B)  # [batch:8 hidden:4]
    map2 = contract1 * mul1  # [batch:8 hidden:4]
    d_affine_0_bias = jnp.einsum("bh->h", map2)  # [hidden:4]
    d_affine_0_weight = jnp.einsum("bh,brc->rch", map2, image)  # [row:8 col:8 hidden:4]
    add1 = affine_0_weight + 0.1 * -d_affine_0_weight  # [row:8 col:8 hidden:4]
    add2 = affine_0_bias + 0.1 * -d_affine_0_bias  # [hidden:4]
    add3 = affine_1_weight + 0.1 * -d_affine_1_weight  # [hidden:4 class:10]
    add4 = affine_1_bias + 0.1 * -d_affine_1_bias  # [class:10]
    w = {
        "affine.0.weight": add1,
        "affine.0.bias": add2,
        "affine.1.weight": add3,
        "affine.1.bias": add4,
        "rule.affine.0.B": rule_affine_0_B,
    }
    s = {
    }
    return w, s, {"loss": loss}


# alone.py


# loop.py

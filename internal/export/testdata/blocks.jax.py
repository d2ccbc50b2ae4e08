"""Net, written by ncd export from blocks.ncd (mode eval).

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


def pad(x, axis, before, after):
    """Zeros in front and behind along an axis."""
    return jnp.pad(x, [(before, after) if i == x.ndim + axis else (0, 0) for i in range(x.ndim)])


def unflatten(x, axis, sizes):
    """One axis as several."""
    axis = x.ndim + axis
    return x.reshape(x.shape[:axis] + sizes + x.shape[axis + 1 :])


def window(x, axis, offset, *steps):
    """Place offset + Σ stride·i along an axis, for an axis of places i for each (size, stride)."""
    place = numpy.array(offset)
    for size, stride in steps:
        place = place[..., None] + stride * numpy.arange(size)
    return jnp.take(x, place, axis=axis)


def conv(w, x, row):
    """Convolution (LeCun et al. 1989): a learned map of what lies under a window, at every place of the axes p. With
    `pad = same` zeros stand around, so that an axis keeps its size divided by the stride; with `none` there are none;
    a number is how many stand on each side. With `groups`, so many parts of the channels are mapped each by itself. `init` says
    how the filters begin, besides as those of `linear` as `gabor` waves, `dct` cosines, or the principal directions (`pca`) or
    means (`kmeans`) of the windows that training shows it first."""

    # x [row c]
    pad1 = pad(x, -2, 1, 1)  # [row c]
    windows = window(pad1, -2, 0, (row, 1), (3, 1))  # [row w:3 c]
    linear1 = jnp.einsum("...rwc,wcC->...rC", windows, w["linear.0.weight"])  # [row c]
    return linear1


def wide(w, x, row):
    """Two convolutions of other widths, and blocks that repeat."""

    # x [row c]
    conv1 = conv(within(w, "conv.0"), x, row=row)  # [row c]
    relu1 = jax.nn.relu(conv1)  # [row c]
    return relu1


def standardize(x):
    """Mean 0 and variance 1 over the axes named."""

    # x [c:4]
    mean1 = x.mean((-1,))  # []
    centred = x - mean1[..., None]  # [c:4]
    square1 = jnp.square(centred)  # [c:4]
    variance = square1.mean((-1,))  # []
    add1 = variance + 1e-05  # []
    sqrt1 = jnp.sqrt(add1)  # []
    div1 = centred / sqrt1[..., None]  # [c:4]
    return div1


def layernorm(w, x):
    """Layer normalisation (Ba, Kiros and Hinton 2016): mean 0 and variance 1 over the axes named, then a learned gain and bias."""

    # x [c:4]
    standardize1 = standardize(x)  # [c:4]
    gain1 = standardize1 * w["gain.0.weight"]  # [c:4]
    bias1 = gain1 + w["bias.0.bias"]  # [c:4]
    return bias1


def block(w, x):
    # x [row:6 c:4]
    layernorm1 = layernorm(within(w, "layernorm.0"), x)  # [row:6 c:4]
    add1 = x + layernorm1  # [row:6 c:4]
    return add1


def maxpool(x):
    """The largest number under a window, at every place of the axes p. `pad` is how many places are added on each side; they
    are never the largest."""

    # x [row:6]
    windows = unflatten(x, -1, (3, 2))  # [row:3 w:2]
    max1 = windows.max((-1,))  # [row:3]
    return max1


def net(w, x):
    # x [row:6 c:1]
    wide1 = wide(within(w, "wide.0"), x, row=6)  # [row:6 c:4]
    x1 = wide1  # [row:6 c:4]
    for turn in (1, 2, 3,):
        x1 = block(within(w, f"block.0.{turn}"), x1)  # [row:6 c:4]
    maxpool1 = maxpool(jnp.einsum("...rc->...cr", x1))  # [c:4 row:3]
    maxpool2 = jnp.einsum("...cr->...rc", maxpool1)  # [row:3 c:4]
    wide2 = wide(within(w, "wide.1"), maxpool2, row=3)  # [row:3 c:8]
    mean1 = wide2.mean((-2,))  # [c:8]
    return mean1


def model(w, *ports):
    """The diagram applied to its ports, with weights by path."""
    return net(w, *ports)


def load(weights):
    """The weights of a safetensors file of ncd's, by path."""
    from safetensors.numpy import load_file

    return {path: jnp.asarray(x) for path, x in load_file(weights).items()}

"""What exported JAX programs call. Each gets those functions that it uses."""


def within(w, path):
    """The weights of a part, by their paths inside of it."""
    return {name[len(path) + 1 :]: x for name, x in w.items() if name.startswith(path + ".")}


def softmax(x, axes):
    """e^x over its sum along the axes; zeros where nothing is left because all are -inf."""
    top = jax.lax.stop_gradient(jnp.max(x, axes, keepdims=True))
    e = jnp.exp(x - jnp.where(jnp.isinf(top), 0, top))
    return e / jnp.maximum(e.sum(axes, keepdims=True), jnp.finfo(x.dtype).tiny)


def logsoftmax(x, axes):
    """x less the logarithm of the sum of e^x along the axes; zeros where all are -inf."""
    top = jax.lax.stop_gradient(jnp.max(x, axes, keepdims=True))
    x = x - jnp.where(jnp.isinf(top), 0, top)
    total = jnp.exp(x).sum(axes, keepdims=True)
    return jnp.where(total == 0, 0, x - jnp.log(jnp.where(total == 0, 1, total)))


def spread(x, axis, size):
    """x, the same at each place of a new axis."""
    return jnp.repeat(jnp.expand_dims(x, axis), size, axis)


def pad(x, axis, before, after):
    """Zeros in front and behind along an axis."""
    return jnp.pad(x, [(before, after) if i == x.ndim + axis else (0, 0) for i in range(x.ndim)])


def flatten(x, first, last):
    """The axes from first to last as one."""
    first, last = x.ndim + first, x.ndim + last
    return x.reshape(x.shape[:first] + (-1,) + x.shape[last + 1 :])


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


def lay(x, axis, size, offset, *steps):
    """The transpose of window: adds the last axes up to axis into one, at place offset + Σ stride·i."""
    place = numpy.array(offset)
    for count, stride in steps:
        place = place[..., None] + stride * numpy.arange(count)
    first = x.ndim + axis - len(steps) + 1
    x = x.reshape(x.shape[:first] + (-1,) + x.shape[first + len(steps) :])
    made = jnp.zeros(x.shape[:first] + (size,) + x.shape[first + 1 :], x.dtype)
    return made.at[(slice(None),) * first + (place.reshape(-1),)].add(x)


def look_up(x, place):
    """What stands at a place along the last axis, for every place of the others."""
    shape = jnp.broadcast_shapes(x.shape[:-1], place.shape)
    x = jnp.broadcast_to(x, shape + x.shape[-1:])
    return jnp.take_along_axis(x, jnp.broadcast_to(place, shape)[..., None], axis=-1)[..., 0]


def one_hot(place, size):
    """1 at a place along a new last axis, else 0."""
    return (place[..., None] == jnp.arange(size)).astype(jnp.float32)


def stack(turns, axis):
    """What the turns of a loop made, side by side along a new axis."""
    return jnp.stack(jnp.broadcast_arrays(*turns), axis)


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


def widened(x, own, sizes):
    """x with all axes of these sizes in front of its last own ones."""
    front = x.ndim - own
    return jnp.broadcast_to(x, jnp.broadcast_shapes(x.shape[:front], sizes) + x.shape[front:])


def given_back(g, x):
    """What is sent back to x, added up over the axes that x is the same along."""
    g = jnp.broadcast_to(g, jnp.broadcast_shapes(g.shape, x.shape))
    g = g.sum(tuple(range(g.ndim - x.ndim)))
    return g.sum([i for i in range(x.ndim) if x.shape[i] != g.shape[i]], keepdims=True)


def kept_mean(x, own):
    """What is kept of an array: the mean over the further axes in front."""
    return jax.lax.stop_gradient(x.mean(tuple(range(x.ndim - own))))

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

# Devices along each axis of the mesh, and which axes lie along which.
MESH = {"data": 4, "model": 2}
SHARD = {"batch": "data", "hidden": "model"}


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


def mesh():
    """The devices of all processes in a grid."""
    devices = numpy.array(jax.devices()[: math.prod(MESH.values())])
    return jax.sharding.Mesh(devices.reshape(tuple(MESH.values())), tuple(MESH))


def sharding(labels):
    """How an array of these axes lies on the mesh: of two axes along the same, the first."""
    along = [SHARD.get(label) for label in labels]
    along = [name if name not in along[:i] else None for i, name in enumerate(along)]
    return jax.sharding.NamedSharding(mesh(), jax.sharding.PartitionSpec(*along))


def compiled():
    """The step, compiled for the mesh: XLA finds what the devices tell each other."""
    w = {path: sharding(labels) for path, (labels, *_) in WEIGHTS.items()}
    s = {path: sharding(labels) for path, (labels, *_) in STATES.items()}
    batch = {name: sharding(labels) for name, (labels, _) in FIELDS.items()}
    everywhere = sharding(())
    return jax.jit(step, in_shardings=(w, s, batch, everywhere), out_shardings=(w, s, everywhere), donate_argnums=(0, 1))


def placed(arrays, axes):
    """Arrays laid on the mesh by their axes; every process has all of them and gives its devices their parts."""
    made = {}
    for name, x in arrays.items():
        x = numpy.asarray(x)
        made[name] = jax.make_array_from_callback(x.shape, sharding(axes[name][0]), lambda part, x=x: x[part])
    return made


def gathered(arrays):
    """Arrays of all devices in the memory of this process."""
    from jax.experimental import multihost_utils

    if jax.process_count() == 1:
        return {name: numpy.asarray(x) for name, x in arrays.items()}
    return {name: numpy.asarray(multihost_utils.process_allgather(x, tiled=True)) for name, x in arrays.items()}


def begin(options):
    """Joins the other processes, and reports whether this one is the first."""
    if options.coordinator:
        jax.distributed.initialize(options.coordinator, options.processes, options.process)
    return jax.process_index() == 0


class SplitMix:
    """SplitMix64 of Steele, Lea and Flood (OOPSLA 2014)."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        z = self.state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
        return z ^ z >> 31


def shuffled(count, seed, epoch):
    """The order of the examples in an epoch (from 0): Fisher and Yates's shuffle, as ncd train deals them."""
    random = SplitMix(SplitMix(seed).next() ^ epoch)
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        j = random.next() * (i + 1) >> 64
        order[i], order[j] = order[j], order[i]
    return numpy.array(order)


def examples(data, split, name, which):
    """Some examples of a field, from the arrays that ncd export --to npz writes."""
    x, key = data[f"{split}/{name}"], f"{split}/{name}/windows"
    sizes = FIELDS[name][1][1:]
    if key in data:  # examples are parts of one long axis
        first, stride, _ = data[key]
        x = x[first + which[:, None] * stride + numpy.arange(math.prod(sizes))]
    else:
        x = x[which]
    x = x.reshape((len(which),) + sizes)
    if f"{split}/{name}/unit" in data:
        return x.astype("float32") / data[f"{split}/{name}/unit"].astype("float32")
    return x.astype("int32")


def batches(data, seed=SEED):
    """The batches of the training examples, without end, as ncd train deals them."""
    count = int(data["train/count"][0])
    epoch = 0
    while True:
        order = shuffled(count, seed, epoch)
        for number in range(max(1, count // BATCH)):
            which = order[(number * BATCH + numpy.arange(BATCH)) % count]
            yield {name: examples(data, "train", name, which) for name in FIELDS}
        epoch += 1


def first_weights(seed=SEED, given=None):
    """The weights before any training, as ncd train draws them, but for those that are given."""
    made = {}
    for path, (_, sizes, kind, scale, name) in WEIGHTS.items():
        if given is not None and path in given:
            made[path] = given[path]
        elif kind not in ("constant", "normal", "uniform"):
            raise ValueError(f"{path} begins in a form ({kind}) that ncd alone makes: hand in weights that it wrote")
        elif kind == "constant":
            made[path] = numpy.full(sizes, scale, "float32")
        else:
            kind = "symmetric" if kind == "uniform" else kind
            made[path] = numpy.asarray(drawn(kind, scale, sizes, seed, name, 0))
    return made


def first_states():
    return {path: numpy.full(sizes, start, "float32") for path, (_, sizes, start) in STATES.items()}


def save(file, w, s):
    """Writes weights, and states that are kept, for ncd eval. Fixed arrays of the learning rule are no weights."""
    from safetensors.numpy import save_file

    arrays = {path: x for path, x in w.items() if not path.startswith("rule.")}
    save_file(arrays | {path: s[path] for path in KEPT}, file)


def train(data, steps=STEPS, weights=None, seed=SEED, report=print):
    """Takes steps of training, tells the reports of each, and returns weights and states."""
    w, s = first_weights(seed, weights), first_states()
    if weights is not None:
        for path, x in weights.items():
            (w if path in w else s)[path] = x
    w, s = placed(w, WEIGHTS), placed(s, STATES)
    run, dealt = compiled(), batches(data, seed)
    for number in range(steps):
        batch = placed(next(dealt), FIELDS)
        w, s, reports = run(w, s, batch, jnp.uint32(number))
        report(json.dumps({"step": number + 1} | {name: float(x) for name, x in reports.items()}))
    return gathered(w), gathered(s)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--data", required=True, help="npz file that ncd export --to npz wrote")
    words.add_argument("--weights", help="safetensors file to begin with; default: drawn as ncd train draws them")
    words.add_argument("--steps", type=int, default=STEPS)
    words.add_argument("-o", "--output", help="safetensors file for the weights in the end")
    words.add_argument("--coordinator", help="address of the first process, host:port, where there are several")
    words.add_argument("--processes", type=int, help="how many processes there are")
    words.add_argument("--process", type=int, help="which of them this one is, from 0")
    options = words.parse_args()
    is_first = begin(options)
    weights = None
    if options.weights:
        from safetensors.numpy import load_file

        weights = load_file(options.weights)
    tell = (lambda line: print(line, flush=True)) if is_first else (lambda line: None)
    w, s = train(dict(numpy.load(options.data)), options.steps, weights, report=tell)
    if options.output and is_first:
        save(options.output, w, s)


if __name__ == "__main__":
    main()

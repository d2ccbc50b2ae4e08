"""Where a run of spiking neurons in JAX leaves ours, and how near to the threshold a neuron was there.

usage: threshold.py NCD_BINARY DATA

A spike is a step of a number: two runs that differ by one rounding part for good where a membrane lies within a rounding
of its threshold. For each step of the specimen of spiking neurons the largest difference of a weight behind it is printed
and the distance of the nearest membrane from the threshold, by layer, in float64 from the weights before it. The exit
status is 1 where the weights part at a step at which no membrane was within a few roundings of the threshold.
"""
import importlib.util
import os
import pathlib
import sys
import tempfile

os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import numpy
from safetensors.numpy import load_file

import training

STEPS = 30
CLOSE = 2e-6  # weights that differ by roundings alone
ROUNDINGS = 8 * numpy.finfo("float32").eps  # of a membrane of size 1


def membranes(w, image, time=8, tau=2.0):
    """What each layer holds against its threshold of 1, over all times and examples."""
    w = {path: numpy.asarray(x, "float64") for path, x in w.items()}
    x = image.reshape(len(image), -1) @ w["affine.0.weight"] + w["affine.0.bias"]
    v, v2, held = numpy.zeros_like(x), numpy.zeros_like(x), []
    for _ in range(time):
        u = v + (x - v) / tau
        spikes = (u > 1) * 1.0
        y = spikes @ w["affine.1.weight"] + w["affine.1.bias"]
        u2 = v2 + (y - v2) / tau
        v, v2 = u * (1 - spikes), u2 * (u2 <= 1)
        held.append((u, u2))
    return [numpy.stack(layer) for layer in zip(*held)]


def ours(run):
    """The weights behind each step: state.1 is the last but one."""
    run.ncd("train", "-o", run.folder / "run", "--checkpoint", "1", "--keep", str(STEPS))
    files = [f"state.{STEPS - step}.safetensors" for step in range(1, STEPS)] + ["state.safetensors"]
    return [load_file(run.folder / "run" / file) for file in files]


def main():
    binary, data = sys.argv[1:]
    training.STEPS = STEPS
    with tempfile.TemporaryDirectory() as folder:
        run = training.Run(binary, data, pathlib.Path(folder), "spiking", [])
        run.ncd("export", "--to", "npz", "-o", run.folder / "data.npz")
        spec = importlib.util.spec_from_file_location("step", run.program())
        program = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(program)
        follow(program, dict(numpy.load(run.folder / "data.npz")), ours(run))


def follow(program, data, ours):
    """Takes the steps in JAX beside ours, to where the weights part."""
    w, s = program.first_weights(), program.first_states()
    step, dealt = jax.jit(program.step), program.batches(data)
    for number, mine in enumerate(ours):
        batch = next(dealt)
        nearest = [abs(u - 1).min() for u in membranes(w, batch["image"])]
        w, s, _ = step(w, s, batch, jnp.uint32(number))
        apart = max(abs(mine["weight/" + path] - numpy.asarray(x)).max() for path, x in w.items())
        print(f"step {number + 1}: weights differ by {apart:.1e}; nearest to the threshold {nearest[0]:.1e}, {nearest[1]:.1e}", flush=True)
        if apart > CLOSE:
            is_tie = min(nearest) < ROUNDINGS
            print(f"the runs part here, {min(nearest) / numpy.finfo('float32').eps:.1f} roundings from a threshold" + ("" if is_tie else ": TOO FAR"))
            sys.exit(not is_tie)
    print("the runs do not part")


if __name__ == "__main__":
    main()

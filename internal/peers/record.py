"""Writes what PyTorch makes of boxes.ncd into testdata/pytorch.json, for the test that needs no Python.

usage: record.py NCD_BINARY

Inputs and weights are numbers that a name and a place in memory give, so that none need be kept. Of each result and each
gradient a few sums are written: its numbers times others that a name gives. All is computed in float64.
"""
import json
import pathlib
import sys
import tempfile
from zlib import crc32

import numpy
import torch

from boxes import CASES, HERE, Ours, is_kept, outermost
from models import Weights

SUMS = 3  # of each array


def words(name, sizes):
    n = int(numpy.prod(sizes))
    return numpy.array([crc32(f"{name} {i}".encode()) for i in range(n)], "int64").reshape(sizes)


def numbers(name, sizes):
    """Multiples of 1/512 from -1 to 1."""
    return torch.tensor((words(name, sizes) % 1025 - 512) / 512, dtype=torch.float64)


def sums(name, x):
    return [float((x * numbers(f"{name} {k}", x.shape)).sum()) for k in range(SUMS)]


def given(ours, name):
    """What flows in and the weights, with how they are written down."""
    inputs, ports = {}, {}
    for port, sizes, places in ours.program.ports(name):
        ports[port] = {"dims": sizes, "places": places or 0}
        inputs[port] = torch.tensor(words(port, sizes) % places) if places else numbers(port, sizes).requires_grad_()
    weights, paths = {}, {}
    for path, w in ours.first_weights(name).items():
        paths[path] = list(w.shape)
        weights[path] = torch.tensor(w).double() if is_kept(path) else numbers(path, w.shape).requires_grad_()
    return inputs, ports, weights, paths


def record(ours, name):
    inputs, ports, weights, paths = given(ours, name)
    result = CASES[name](inputs, Weights(weights, outermost(weights)))
    made = {"ports": ports, "weights": paths, "result": sums("result", result.detach()), "gradients": {}}
    if result.requires_grad:
        (result * numbers("g", result.shape)).sum().backward()
        for path, x in {**inputs, **weights}.items():
            if x.grad is not None:
                made["gradients"][path] = sums(path, x.grad)
    return made


def main():
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(sys.argv[1], pathlib.Path(folder))
        lines = [f"{json.dumps(name)}: {json.dumps(record(ours, name))}" for name in CASES]
    target = HERE / "testdata" / "pytorch.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()

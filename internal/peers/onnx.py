"""What is exported to ONNX beside what ncd computes, from the same weights and inputs.

usage: onnx.py NCD_BINARY [NAME...]

Each specimen of grammar/testdata/specimens and each diagram of boxes.ncd is exported with fresh weights, held by onnx's
own checker (with shape inference), and run in onnxruntime on a batch of two examples; a specimen at two lengths of its
open axes. For each the largest relative difference, measured by the largest number of the array, is printed with the time
of a run; the exit status is 1 where one is above 1e-4 or a model is refused.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.append(sys.path.pop(0))  # this file has the name of a module that it imports

import numpy
import onnx
import onnxruntime

from ports import drawn, ports, sets

LARGEST = 1e-4
HERE = pathlib.Path(__file__).parent
PROGRAMS = HERE.parent.parent / "grammar" / "testdata" / "specimens"

# Diagram, what is set, what is set for the weights alone, and the ports: the sizes at which it runs, with the number of
# places for ports of places.
SPECIMENS = [
    ("digits.ncd", "Digits", {}, {"row": 28, "col": 28}, [{"image": (28, 28)}]),
    ("attention.ncd", "Attention", {}, {}, [{"q": (5, 8), "K": (7, 8), "V": (7, 8)}, {"q": (3, 4), "K": (2, 4), "V": (2, 4)}]),
    ("attention.ncd", "MultiHead", {}, {"m": 64}, [{"target": (5, 64), "source": (7, 64)}, {"target": (9, 64), "source": (1, 64)}]),
    ("attention.ncd", "SelfAttention", {}, {"m": 64}, [{"x": (5, 64)}, {"x": (12, 64)}]),
    ("transformer.ncd", "Encoder", {}, {"m": 64}, [{"x": (5, 64)}, {"x": (12, 64)}]),
    ("transformer.ncd", "Decoder", {}, {"m": 64}, [{"target": (5, 64), "memory": (7, 64)}, {"target": (9, 64), "memory": (2, 64)}]),
    ("transformer.ncd", "Transformer", {"n": 2, "vocab": 100, "m": 64, "f": 128}, {},
     [{"source": ((6,), 100), "target": ((5,), 100)}, {"source": ((3,), 100), "target": ((8,), 100)}]),
    ("gpt.ncd", "GPT", {}, {"s": 16}, [{"tokens": ((16,), 65)}]),
    ("lstm.ncd", "Reader", {}, {"m": 12, "t": 9}, [{"x": (9, 12)}, {"x": (4, 12)}]),
    ("spiking.ncd", "Spiking", {}, {"row": 28, "col": 28}, [{"image": (28, 28)}]),
    ("resnet.ncd", "ResNet", {}, {"c": 3}, [{"image": (32, 32, 3)}, {"image": (16, 24, 3)}]),
    ("unet.ncd", "UNet", {"wide": 8}, {"c": 3}, [{"image": (32, 48, 3)}, {"image": (16, 16, 3)}]),
    ("vit.ncd", "ViT", {}, {"row": 28, "col": 28, "c": 3}, [{"image": (28, 28, 3)}]),
]


class Model:
    """A diagram exported, with its weights, in a folder of its own."""

    def __init__(self, ncd, folder, file, name, values=(), more=()):
        self.ncd, self.folder, self.file, self.name, self.values = ncd, folder, file, name, sets(dict(values))
        self.weights = folder / "w.safetensors"
        self.call("init", file, name, *self.values, *sets(dict(more)), "-o", self.weights)
        path = folder / "m.onnx"
        self.call("export", file, name, "--to", "onnx", *self.values, "--weights", self.weights, "-o", path)
        self.model = onnx.load(path)
        onnx.checker.check_model(self.model, full_check=True)
        onnxruntime.set_default_logger_severity(4)
        self.session = onnxruntime.InferenceSession(str(path))

    def call(self, *words):
        done = subprocess.run([self.ncd, *map(str, words)], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())

    def ours(self, inputs, more):
        numpy.savez(self.folder / "in.npz", **inputs)
        out = self.folder / "out.npz"
        words = ["--input", self.folder / "in.npz"] if inputs else []
        self.call("run", self.file, self.name, *self.values, *words, "--weights", self.weights, "-o", out)
        return dict(numpy.load(out))

    def theirs(self, inputs):
        """Their results, and the seconds of the second run."""
        self.session.run(None, inputs)
        start = time.perf_counter()
        results = self.session.run(None, inputs)
        return dict(zip((o.name for o in self.session.get_outputs()), results)), time.perf_counter() - start

    def operators(self):
        nodes = list(self.model.graph.node) + [n for f in self.model.functions for n in f.node]
        return f"{len(nodes)} nodes, functions: {' '.join(f.name for f in self.model.functions) or 'none'}"


def difference(ours, theirs):
    return max(
        numpy.abs(ours[name].astype(float) - theirs[name]).max(initial=0) / max(numpy.abs(ours[name]).max(initial=0), 1e-2)
        for name in ours
    )


def specimen(ncd, folder, file, name, values, more, cases):
    random = numpy.random.default_rng(1)
    model = Model(ncd, folder, PROGRAMS / file, name, values, more)
    worst, spent = 0, 0
    for case in cases:
        examples = [{port: drawn(random, shape) for port, shape in case.items()} for _ in range(2)]
        theirs, spent = model.theirs({port: numpy.stack([e[port] for e in examples]) for port in case})
        for i, example in enumerate(examples):
            worst = max(worst, difference(model.ours(example, more), {k: v[i] for k, v in theirs.items()}))
    return worst, f"{1e3 * spent:8.2f} ms  {model.operators()}"


def box(ncd, folder, name, signature, sizes):
    random = numpy.random.default_rng(1)
    model = Model(ncd, folder, folder / "boxes.ncd", name)
    inputs = {port: drawn(random, shape) for port, shape in ports(signature, sizes).items()}
    isBatched = "batch" in signature or not inputs
    theirs, spent = model.theirs(inputs if isBatched else {port: x[None] for port, x in inputs.items()})
    if not isBatched:
        theirs = {k: v[0] for k, v in theirs.items()}
    return difference(model.ours(inputs, {}), theirs), f"{1e3 * spent:8.2f} ms  {model.operators()}"


def checks(ncd, folder):
    for s in SPECIMENS:
        yield s[1], lambda s=s: specimen(ncd, folder, *s)
    text = (HERE / "boxes.ncd").read_text()
    sizes = {name: int(size) for name, size in re.findall(r"^axis ([\w']+) = (\d+)", text, re.M)}
    for name, signature in re.findall(r"^diagram (\w+)(\(.*\)) ->", text, re.M):
        if not re.search(r"\[\]|:\d", signature) and "in " not in signature:
            continue  # a part of others, whose sizes they say
        yield name, lambda name=name, signature=signature: box(ncd, folder, name, signature, sizes)


def main(ncd, wanted):
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for program in [*PROGRAMS.glob("*.ncd"), HERE / "boxes.ncd"]:
            shutil.copy(program, folder)
        for name, check in checks(ncd, pathlib.Path(folder)):
            if wanted and name not in wanted:
                continue
            try:
                worst, told = check()
                isBad = not worst <= LARGEST
            except Exception as problem:
                worst, told, isBad = float("nan"), " ".join(str(problem).split())[:200], True
            bad += isBad
            print(f"{name:24} {worst:9.2e}  {told}{'   TOO FAR' if isBad else ''}", flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1], sys.argv[2:]) else 0)

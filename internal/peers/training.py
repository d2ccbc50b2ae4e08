"""Training in exported JAX programs beside ours, step by step.

usage: training.py NCD_BINARY DATA [NAME...]

DATA is the folder of data sets. For each run the losses of the first 100 steps (means over as many steps as a line of
metrics.jsonl has) and the weights behind them are compared with those of ncd train, from the same first weights, on the same
batches; then the program that is spread over a mesh is run on 8 simulated devices, and on 2 processes with 4 devices each.
The exit status is 1 where losses differ by more than 1e-3 of themselves.
"""
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile

import numpy
from safetensors.numpy import load_file

ROOT = pathlib.Path(__file__).parent.parent.parent
PROGRAMS = ROOT / "grammar" / "testdata" / "specimens"
FAR = 1e-3
STEPS = 100

# A net with all that is drawn or kept: dropout, batch normalisation.
DRAWN = """
axis class = 10

diagram Net(image[row col]) -> [class] {
    image >> [row col -> row col c:1] >> conv[row col, c -> c:8, size = 3] >> batchnorm[c] >> relu >> maxpool[row col, size = 2]
          >> dropout[0.2] >> affine[row col c -> class]
}

train drawn {
    data      image[row col], label in class = digits["digits8x8"]
    model     net = Net
    scores = image >> net
    loss      (scores, label) >> cross_entropy[class]
    report    (scores, label) >> accuracy[class]
    rule      backprop
    optimizer sgd[rate = 0.05, momentum = 0.9] >> clip[1.0]
    batch     64
    steps     100
}
"""

# A net whose way back keeps something of its own from step to step.
KEPT = re.sub(r"diagram Net.*?\n}\n", """diagram Net(image[batch row col]) -> [batch class] {
    image >> affine[row col -> hidden:32] >> powernorm[hidden] >> relu >> affine[hidden -> class]
}
""", DRAWN, flags=re.DOTALL)

# Forward-forward on the small digits, for the example's own data are large.
FORWARD = (ROOT / "examples" / "rules" / "forward.ncd").read_text().replace('mnist["images/mnist"]', 'digits["digits8x8"]')

# By name: the program, options of ncd, and for a mesh its options.
RUNS = {
    "digits backprop": ("digits", [], ["--mesh", "data=4,model=2", "--shard", "batch:data,hidden:model"]),
    "digits dfa": ("digits", ["--rule", "dfa"], ["--mesh", "data=4,model=2", "--shard", "batch:data,hidden:model"]),
    "digits feedback_alignment": ("digits", ["--rule", "feedback_alignment"], None),
    "digits forward_forward": (FORWARD, [], ["--mesh", "data=4,model=2", "--shard", "batch:data,hidden:model"]),
    "spiking backprop": ("spiking", [], ["--mesh", "data=8", "--shard", "batch:data"]),
    "gpt backprop": ("gpt", ["--set", "context=16"], ["--mesh", "data=4,model=2", "--shard", "batch:data,h:model,hidden:model"]),
    "drawn backprop": (DRAWN, [], ["--mesh", "data=8", "--shard", "batch:data"]),
    "powernorm backprop": (KEPT, [], ["--mesh", "data=8", "--shard", "batch:data"]),
}


class Run:
    def __init__(self, binary, data, folder, program, options):
        self.binary, self.data, self.folder, self.options = binary, data, folder, options
        text = program if "\n" in program else (PROGRAMS / f"{program}.ncd").read_text()
        text = re.sub(r"^( *)(epochs|steps) +\d+", rf"\1steps {STEPS}", text, flags=re.MULTILINE)
        self.file = folder / "program.ncd"
        for other in PROGRAMS.glob("*.ncd"):
            shutil.copy(other, folder)
        self.file.write_text(text)
        self.name = re.search(r"^train (\w+)", text, re.MULTILINE)[1]

    def ncd(self, command, *words):
        done = subprocess.run([self.binary, command, self.file, self.name, "--data", self.data, *self.options, *words], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)

    def ours(self):
        """Losses, as means over steps, and the last weights."""
        self.ncd("train", "-o", self.folder / "run")
        lines = [json.loads(line) for line in (self.folder / "run" / "metrics.jsonl").read_text().splitlines()]
        losses = {line["step"]: line["value"] for line in lines if line["split"] == "train" and line["name"] == "loss"}
        return losses, load_file(self.folder / "run" / "weights.safetensors")

    def program(self, *options):
        path = self.folder / "step.py"
        self.ncd("export", "--to", "jax", "-o", path, *options)
        return path

    def theirs(self, path, environment=(), *options):
        """The loss of each step."""
        words = [sys.executable, path, "--data", self.folder / "data.npz", "--steps", str(STEPS), *options]
        done = subprocess.run([str(w) for w in words], capture_output=True, text=True, env={**os.environ, "JAX_PLATFORMS": "cpu", **dict(environment)})
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        return losses(done.stdout)

    def on_processes(self, path, count, devices, tries=3):
        """The losses that the first of several processes tells. On a busy machine one may be late to their first meeting."""
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{s.getsockname()[1]}"
        environment = {**os.environ, "JAX_PLATFORMS": "cpu", "XLA_FLAGS": f"--xla_force_host_platform_device_count={devices}"}
        words = [sys.executable, str(path), "--data", str(self.folder / "data.npz"), "--steps", str(STEPS), "--coordinator", address, "--processes", str(count)]
        running = [
            subprocess.Popen(words + ["--process", str(i)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
            for i in range(count)
        ]
        said = [process.communicate() for process in running]
        if tries > 1 and any("DEADLINE_EXCEEDED" in errors for _, errors in said):
            return self.on_processes(path, count, devices, tries - 1)
        if any(process.returncode for process in running):
            raise RuntimeError(said[0][1].strip().splitlines()[-1])
        return losses(said[0][0])


def losses(text):
    """The loss of each step, among the lines of a program."""
    return numpy.array([json.loads(line)["loss"] for line in text.splitlines() if line.startswith("{")])


COLLECTIVES = """
import collections, importlib.util, re, sys
import jax, numpy
spec = importlib.util.spec_from_file_location("step", sys.argv[1]); m = importlib.util.module_from_spec(spec); spec.loader.exec_module(m)
w, s = m.placed(m.first_weights(), m.WEIGHTS), m.placed(m.first_states(), m.STATES)
batch = m.placed(next(m.batches(dict(numpy.load(sys.argv[2])))), m.FIELDS)
text = m.compiled().lower(w, s, batch, numpy.uint32(0)).compile().as_text()
found = collections.Counter(re.findall(r" (all-reduce|all-gather|reduce-scatter|all-to-all|collective-permute)(?:-start)?\\(", text))
print(", ".join(f"{n} {kind}" for kind, n in sorted(found.items())) or "none")
"""


def collectives(path, data):
    """What the devices tell each other in a step, from the text of the compiled program."""
    environment = {**os.environ, "JAX_PLATFORMS": "cpu", "XLA_FLAGS": "--xla_force_host_platform_device_count=8"}
    done = subprocess.run([sys.executable, "-c", COLLECTIVES, str(path), str(data)], capture_output=True, text=True, env=environment)
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def averaged(losses, steps):
    """The means of the steps between two lines of metrics."""
    ends = sorted(steps)
    return {end: losses[begin:end].mean() for begin, end in zip([0] + ends, ends)}


def relative(ours, theirs):
    return max(abs(ours[step] - theirs[step]) / max(abs(ours[step]), 1e-3) for step in ours)


def compare(run, mesh):
    ours, weights = run.ours()
    data = run.folder / "data.npz"
    run.ncd("export", "--to", "npz", "-o", data)
    path = run.program()
    one = run.theirs(path, (), "-o", run.folder / "trained.safetensors")
    trained = load_file(run.folder / "trained.safetensors")
    far = [relative(ours, averaged(one, ours))]
    weight = max(numpy.linalg.norm(w - trained[path]) / max(numpy.linalg.norm(w), 1e-2) for path, w in weights.items())
    line = f"{far[0]:9.1e} {weight:9.1e}"
    if mesh:
        path = run.program(*mesh)
        eight = run.theirs(path, [("XLA_FLAGS", "--xla_force_host_platform_device_count=8")])
        two = run.on_processes(path, 2, 4)
        far += [max(abs(eight - one) / abs(one)), max(abs(two - one) / abs(one))]
        line += f" {far[1]:9.1e} {far[2]:9.1e}  {collectives(path, data)}"
    run.options = [word for word in run.options if run.options[0] == "--set"]
    run.ncd("eval", "--weights", run.folder / "trained.safetensors")
    return line, max(far) > FAR


def main():
    binary, data, names = sys.argv[1], sys.argv[2], sys.argv[3:] or RUNS
    failed = False
    print(f"{'':24} {'losses':>9} {'weights':>9} {'8 devices':>9} {'2 proc.':>9}  collectives of a step")
    for name in names:
        program, options, mesh = RUNS[name]
        with tempfile.TemporaryDirectory() as folder:
            try:
                line, is_far = compare(Run(binary, data, pathlib.Path(folder), program, options), mesh)
            except RuntimeError as fault:
                line, is_far = str(fault).strip().splitlines()[0][:150], True
        failed |= is_far
        print(f"{name:24} {line}{' TOO FAR' if is_far else ''}", flush=True)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()

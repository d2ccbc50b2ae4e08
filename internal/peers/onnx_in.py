"""What is imported from ONNX beside what made it, from the same inputs.

usage: onnx_in.py NCD_BINARY [NAME...]

Models of PyTorch (a residual network, encoders of a transformer, grouped and transposed convolutions, a network for sequences),
exported by both of its exporters, are imported and run by ncd; each specimen of grammar/testdata/specimens and each diagram of
boxes.ncd that has no state goes out to ONNX and comes back. For each the largest relative difference, measured by the largest
number of the array, is printed with the lines of the program that was written; the exit status is 1 where one is above 1e-4, or
where a model of PyTorch or a specimen is refused. Diagrams of boxes.ncd that ONNX's operators for look-ups are in are told as refused.
"""
import logging
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import warnings

sys.path.append(sys.path.pop(0))  # a file here has the name of a module that is imported

import numpy
import torch
from torch import nn

from ports import drawn, ports, sets

LARGEST = 1e-4
HERE = pathlib.Path(__file__).parent
PROGRAMS = HERE.parent.parent / "grammar" / "testdata" / "specimens"


class Residual(nn.Module):
    """The block of He et al. 2016 for small networks."""

    def __init__(self, c, d, stride=1):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(c, d, 3, stride, 1, bias=False), nn.BatchNorm2d(d)
        self.conv2, self.bn2 = nn.Conv2d(d, d, 3, 1, 1, bias=False), nn.BatchNorm2d(d)
        self.shortcut = nn.Identity() if stride == 1 and c == d else nn.Sequential(nn.Conv2d(c, d, 1, stride, bias=False), nn.BatchNorm2d(d))

    def forward(self, x):
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        return (y + self.shortcut(x)).relu()


class Pooled(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


def resnet():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, 1, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), Residual(8, 8), Residual(8, 8), Residual(8, 8),
        Residual(8, 16, 2), Residual(16, 16), Pooled(), nn.Linear(16, 10))


def encoder(layers, **options):
    return nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 4, 32, batch_first=True, **options), layers, enable_nested_tensor=False)


MODELS = {
    "ResNet": (resnet, (1, 3, 16, 16)),
    "Encoder": (lambda: encoder(2), (1, 6, 16)),
    "EncoderBefore": (lambda: encoder(3, norm_first=True, activation="gelu"), (1, 6, 16)),
    "Perceptron": (lambda: nn.Sequential(nn.Flatten(), nn.Linear(12, 8), nn.Tanh(), nn.Linear(8, 8), nn.SiLU(), nn.Linear(8, 3)), (1, 3, 4)),
    "Grouped": (lambda: nn.Sequential(nn.Conv2d(4, 8, 3, 1, 1, groups=2), nn.ReLU(), nn.Conv2d(8, 8, (1, 3), 2, groups=4)), (1, 4, 8, 9)),
    "Depthwise": (lambda: nn.Sequential(nn.Conv2d(4, 4, 3, 1, 1, groups=4), nn.GELU(), nn.Conv2d(4, 8, 1)), (1, 4, 8, 8)),
    "Transposed": (lambda: nn.Sequential(nn.ConvTranspose2d(4, 6, 3, 2, 1, output_padding=1), nn.ReLU(), nn.ConvTranspose2d(6, 4, 2, 2)), (1, 4, 5, 6)),
    "TransposedInGroups": (lambda: nn.ConvTranspose2d(4, 6, (3, 2), (2, 1), groups=2), (1, 4, 5, 6)),
    "Sound": (lambda: nn.Sequential(nn.Conv1d(2, 4, 5, 2, 2), nn.ELU(), nn.AvgPool1d(2), nn.GroupNorm(2, 4)), (1, 2, 32)),
}


class Command:
    """The command, in a folder of its own."""

    def __init__(self, ncd, folder):
        self.ncd, self.folder = ncd, folder

    def __call__(self, *words):
        done = subprocess.run([self.ncd, *map(str, words)], capture_output=True, text=True, cwd=self.folder)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout

    def imported(self, path, inputs):
        """What the imported program makes of inputs by its ports, and its lines."""
        self("import", path, "-o", "m.ncd", "--weights", "m.safetensors")
        text = (self.folder / "m.ncd").read_text()
        self("check", "m.ncd")
        name, signature = re.findall(r"^diagram (\w+)(\(.*?\)) ->", text, re.M)[-1]
        ports = re.findall(r"(\w+)\[([^\]]*)\]", signature)
        named = {}
        for port, axes in ports:
            x = inputs.get(port, next(iter(inputs.values())))  # pictures get another name
            more = x.ndim - len(axes.split())  # the axis of examples, which one side alone may have
            named[port] = x[0] if more == 1 else x[None] if more == -1 else x
        numpy.savez(self.folder / "in.npz", **named)
        self("run", "m.ncd", name, *(["--input", "in.npz"] if named else []), "--weights", "m.safetensors", "-o", "out.npz")
        return list(dict(numpy.load(self.folder / "out.npz")).values()), len(text.splitlines())


def difference(ours, theirs):
    theirs = numpy.asarray(theirs, "float64")
    ours = numpy.asarray(ours, "float64").reshape(theirs.shape)
    return abs(ours - theirs).max(initial=0) / max(abs(theirs).max(initial=0), 1e-2)


def of_torch(ncd, name, exporter):
    torch.manual_seed(0)
    make, shape = MODELS[name]
    model = make().eval()
    with torch.no_grad():
        for w in model.parameters():
            w.add_(0.1 * torch.randn_like(w))
        for part in model.modules():
            if isinstance(part, nn.BatchNorm2d):
                part.running_mean.normal_()
                part.running_var.uniform_(0.5, 1.5)
    x = torch.randn(shape)
    options = {"dynamo": True, "external_data": False, "verbose": False} if exporter == "dynamo" else {"dynamo": False, "opset_version": 17}
    torch.onnx.export(model, (x,), str(ncd.folder / "m.onnx"), input_names=["x"], **options)
    ours, lines = ncd.imported("m.onnx", {"x": x.numpy()})
    return difference(ours[0], model(x).detach().numpy()), lines


# Diagram, what is set, what is set for the weights alone, and its ports as onnx.py has them.
SPECIMENS = [
    ("digits.ncd", "Digits", {}, {"row": 28, "col": 28}, {"image": (28, 28)}),
    ("attention.ncd", "MultiHead", {"m": 64}, {}, {"target": (5, 64), "source": (7, 64)}),
    ("attention.ncd", "SelfAttention", {"m": 64}, {}, {"x": (5, 64)}),
    ("transformer.ncd", "Encoder", {"m": 64}, {}, {"x": (5, 64)}),
    ("transformer.ncd", "Decoder", {"m": 64}, {}, {"target": (5, 64), "memory": (7, 64)}),
    ("transformer.ncd", "Transformer", {"n": 2, "vocab": 100, "m": 64, "f": 128}, {}, {"source": ((6,), 100), "target": ((5,), 100)}),
    ("gpt.ncd", "GPT", {}, {"s": 16}, {"tokens": ((16,), 65)}),
    ("spiking.ncd", "Spiking", {}, {"row": 28, "col": 28}, {"image": (28, 28)}),
    ("vit.ncd", "ViT", {}, {"row": 28, "col": 28, "c": 3}, {"image": (28, 28, 3)}),
    ("resnet.ncd", "ResNet", {}, {"row": 32, "col": 32, "c": 3}, {"image": (32, 32, 3)}),
    ("unet.ncd", "UNet", {"wide": 8}, {"row": 32, "col": 32, "c": 3}, {"image": (32, 32, 3)}),
]


def there_and_back(ncd, file, name, values, more, ports):
    random = numpy.random.default_rng(1)
    inputs = {port: drawn(random, shape) for port, shape in ports.items()}
    ncd("init", file, name, *sets(values), *sets(more), "-o", "w.safetensors")
    ncd("export", file, name, "--to", "onnx", *sets(values), *sets(more), "--weights", "w.safetensors", "-o", "m.onnx")
    numpy.savez(ncd.folder / "in.npz", **inputs)
    words = ["--input", "in.npz"] if inputs else []
    ncd("run", file, name, *sets(values), *words, "--weights", "w.safetensors", "-o", "out.npz")
    ours = list(dict(numpy.load(ncd.folder / "out.npz")).values())
    back, lines = ncd.imported("m.onnx", inputs)
    return max(difference(a, b) for a, b in zip(back, ours, strict=True)), lines


def checks(ncd):
    for name in MODELS:
        for exporter in ("script", "dynamo"):
            yield f"{name} ({exporter})", lambda name=name, exporter=exporter: of_torch(ncd, name, exporter)
    for s in SPECIMENS:
        yield s[1], lambda s=s: there_and_back(ncd, *s)
    text = (HERE / "boxes.ncd").read_text()
    sizes = {name: int(size) for name, size in re.findall(r"^axis ([\w']+) = (\d+)", text, re.M)}
    for name, signature in re.findall(r"^diagram (\w+)(\(.*\)) ->", text, re.M):
        if not re.search(r"\[\]|:\d", signature) and "in " not in signature:
            continue  # a part of others, whose sizes they say
        yield name, lambda name=name, signature=signature: there_and_back(ncd, "boxes.ncd", name, {}, {}, ports(signature, sizes))


def main(binary, wanted):
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for program in [*PROGRAMS.glob("*.ncd"), HERE / "boxes.ncd"]:
            shutil.copy(program, folder)
        ncd = Command(pathlib.Path(binary).absolute(), pathlib.Path(folder))
        for name, check in checks(ncd):
            if wanted and name.split()[0] not in wanted:
                continue
            try:
                worst, lines = check()
                told, is_bad = f"{lines:4} lines", not worst <= LARGEST
            except Exception as problem:
                worst, told = float("nan"), " ".join(str(problem).split())[:200]
                is_bad = "NotImportable" not in told or name.split()[0] in MODELS or name in [s[1] for s in SPECIMENS]
            bad += is_bad
            print(f"{name:28} {worst:9.2e}  {told}{'   FAILED' if is_bad else ''}", flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1], sys.argv[2:]) else 0)

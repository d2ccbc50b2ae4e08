"""The library's boxes and whole models beside PyTorch's, from the same weights and inputs.

usage: boxes.py NCD_BINARY [NAME...]

For each diagram of boxes.ncd the largest relative difference of its result (at most 1e-5) and of every gradient (at most
1e-4) is printed, measured by the largest number of the array. PyTorch computes in float64, so that the difference is ours.
The exit status is 1 where one is too far.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import numpy
import torch
import torch.nn.functional as F
from safetensors.numpy import load_file, save_file

from models import SPECIMENS, Weights

RESULT, GRADIENT = 1e-5, 1e-4
HERE = pathlib.Path(__file__).parent
PROGRAMS = HERE.parent.parent / "grammar" / "testdata" / "specimens"


def channels_first(x):
    return x.movedim(-1, 1)


def channels_last(x):
    return x.movedim(1, -1)


def kernel(w):
    """Ours is [places under the window, channels in, channels out], theirs [out, in, places]."""
    return w.movedim(-1, 0).movedim(-1, 1)


def conv(function, **options):
    def run(i, w):
        bias = w("bias") if w.has("bias") else None
        return channels_last(function(channels_first(i["x"]), kernel(w("weight")), bias, **options))

    return run


def upconv(function, **options):
    def run(i, w):
        bias = w("bias") if w.has("bias") else None
        weight = w("linear").movedim(-1, 1)  # ours is [in, places of a piece, out], theirs [in, out, places]
        return channels_last(function(channels_first(i["x"]), weight, bias, **options))

    return run


def pool(function, *sizes, **options):
    return lambda i, w: channels_last(function(channels_first(i["x"]), *sizes, **options))


def loss(function, **options):
    return lambda i, w: function(i["x"], i["target"], **options)


def of_scores(function, **options):
    return lambda i, w: function(i["scores"], i["label"], reduction="none", **options)


def contrastive(i, w):
    a, b = F.normalize(i["x"], dim=-1), F.normalize(i["target"], dim=-1)
    alike, own = a @ b.T / 0.07, torch.arange(len(a))
    return (F.cross_entropy(alike, own) + F.cross_entropy(alike.T, own)) / 2


def dice(i, w):
    x, y = i["x"].sigmoid(), i["target"].sigmoid()
    return 1 - (2 * (x * y).sum() + 1) / (x.sum() + y.sum() + 1)


def attend(q, k, v, causal=False, shared=False):
    return F.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=causal, enable_gqa=shared)[0]


def multi_head(target, source, w, causal=False):
    """torch.nn.MultiheadAttention with our weights: they keep heads apart, it lays them side by side."""
    m = target.shape[-1]
    module = torch.nn.MultiheadAttention(m, w("q", "weight").shape[1], batch_first=True, dtype=torch.float64)
    rows = [w(name, "weight").reshape(m, m).T for name in "qKV"]
    biases = [w(name, "bias").reshape(m) for name in "qKV"]
    parameters = {
        "in_proj_weight": torch.cat(rows),
        "in_proj_bias": torch.cat(biases),
        "out_proj.weight": w("affine.0.weight").reshape(m, m).T,
        "out_proj.bias": w("affine.0.bias"),
    }
    mask = torch.nn.Transformer.generate_square_subsequent_mask(len(target), dtype=torch.float64) if causal else None
    inputs = (target[None], source[None], source[None])
    return torch.func.functional_call(module, parameters, inputs, {"need_weights": False, "attn_mask": mask})[0][0]


def grouped_query(i, w):
    q = torch.einsum("ym,mgek->geyk", i["target"], w("q")).flatten(0, 1)
    k = torch.einsum("xm,mgk->gxk", i["source"], w("K"))
    v = torch.einsum("xm,mgk->gxk", i["source"], w("V"))
    mixed = attend(q, k, v, shared=True).unflatten(0, w("q").shape[1:3])
    return torch.einsum("geyk,gekm->ym", mixed, w("linear"))


def rates(m, places):
    rate = 10000 ** (-torch.arange(0, m, 2, dtype=torch.float64) / m)
    return torch.arange(places, dtype=torch.float64)[:, None] * rate


def rotary(i, w):
    x = torch.view_as_complex(i["x"].unflatten(-1, (-1, 2)))
    angle = rates(i["x"].shape[-1], len(x))
    return torch.view_as_real(x * torch.polar(torch.ones_like(angle), angle)).flatten(-2)


def positions(i, w):
    angle = rates(i["x"].shape[-1], len(i["x"]))
    return i["x"] + torch.stack([angle.sin(), angle.cos()], -1).flatten(-2)


def normed(x, w, name):
    return F.layer_norm(x, x.shape[-1:], w(name, "gain"), w(name, "bias.0.bias"))


def feed_forward(x, w):
    w = w.within("feed_forward.0.")
    hidden = F.relu(x @ w("affine.0.weight") + w("affine.0.bias"))
    return hidden @ w("affine.1.weight") + w("affine.1.bias")


def encoder_layer(i, w):
    w = w.within("encoder_layer.0.")
    x = normed(i["x"] + multi_head(i["x"], i["x"], w.within("self_attention.0.multihead.0.")), w, "x.")
    return normed(x + feed_forward(x, w), w, "layernorm.0.")


def decoder_layer(i, w):
    w = w.within("decoder_layer.0.")
    x, memory = i["target"], i["source"]
    x = normed(x + multi_head(x, x, w.within("self_attention.0.multihead.0."), causal=True), w, "a.")
    x = normed(x + multi_head(x, memory, w.within("multihead.0.")), w, "b.")
    return normed(x + feed_forward(x, w), w, "layernorm.0.")


def recurrent(kind, order):
    """A module of torch.nn with our weights, whose gates stand in another order."""

    def run(i, w):
        into, past = w.gates()
        module = kind(into.shape[0], past.shape[0], batch_first=True, dtype=torch.float64)
        parameters = {
            "weight_ih_l0": into[:, order].flatten(1).T,
            "weight_hh_l0": past[:, order].flatten(1).T,
            "bias_ih_l0": w.biases()[0][order].flatten(),
            "bias_hh_l0": w.biases()[1][order].flatten(),
        }
        return torch.func.functional_call(module, parameters, (i["x"],))[0]

    return run


def quadratic(i, w):
    x = i["x"]
    value = x @ w("value.weight") + w("value.bias")
    gate = x @ w("gate", "linear") if w.has("gate", "linear") else x @ w("linear")
    squares = x**2 @ w("squares.weight") + w("squares.bias")
    return value * (gate + w.rest("value", "squares", "linear")) + squares


CASES = {
    "LayerNorm": lambda i, w: F.layer_norm(i["x"], (6,), w("gain"), w("bias")),
    "RMSNorm": lambda i, w: F.rms_norm(i["x"], (6,), w("gain"), 1e-6),
    "GroupNorm": lambda i, w: F.group_norm(i["x"], 3, w("gain"), w("bias")),
    "InstanceNorm": lambda i, w: F.instance_norm(i["x"]),
    "BatchNorm": lambda i, w: F.batch_norm(i["x"], None, None, w("gain"), w("bias"), training=True),
    "CrossEntropy": of_scores(F.cross_entropy),
    "SmoothCrossEntropy": of_scores(F.cross_entropy, label_smoothing=0.1),
    "BinaryCrossEntropy": lambda i, w: F.binary_cross_entropy_with_logits(i["x"], i["target"].sigmoid(), reduction="none"),
    "SquaredError": loss(F.mse_loss),
    "AbsoluteError": loss(F.l1_loss),
    "Huber": loss(F.huber_loss, delta=0.7),
    "Hinge": of_scores(F.multi_margin_loss),
    "Divergence": lambda i, w: F.kl_div(i["x"].log_softmax(-1), i["target"].softmax(-1), reduction="none").sum(-1),
    "CosineLoss": lambda i, w: F.cosine_embedding_loss(i["x"], i["target"], torch.ones(5), reduction="none"),
    "Contrastive": contrastive,
    "Dice": dice,
    "Conv": conv(F.conv2d, padding=1),
    "ConvWithoutPadding": conv(F.conv2d),
    "ConvStrided": conv(F.conv2d, padding=1, stride=2),
    "ConvPadded": conv(F.conv1d, padding=3, stride=2),
    "ConvDilated": conv(F.conv2d, padding=2, dilation=2),
    "ConvOfVolumes": conv(F.conv3d),
    "UpConv": upconv(F.conv_transpose2d, stride=2),
    "UpConvOverlapping": upconv(F.conv_transpose1d, stride=2),
    "MaxPool": pool(F.max_pool2d, 2),
    "MaxPoolPadded": pool(F.max_pool2d, 3, 2, 1),
    "MeanPool": pool(F.avg_pool2d, 2),
    "MeanPoolPadded": pool(F.avg_pool2d, 3, 2, 1),
    "Attention": lambda i, w: attend(i["q"], i["K"], i["V"]),
    "CausalAttention": lambda i, w: attend(i["q"], i["K"], i["V"], causal=True),
    "MultiHeadAttention": lambda i, w: multi_head(i["target"], i["source"], w),
    "GroupedQuery": grouped_query,
    "Rotary": rotary,
    "Positions": positions,
    "EncoderLayer": encoder_layer,
    "DecoderLayer": decoder_layer,
    "Recurrent": recurrent(torch.nn.RNN, [0]),
    "Gated": recurrent(torch.nn.GRU, [0, 1, 2]),
    "LongShortTerm": recurrent(torch.nn.LSTM, [0, 1, 2, 3]),
    "Quadratic": quadratic,
    "Prototypes": lambda i, w: torch.cdist(i["x"], w("weight")) ** 2,
    **SPECIMENS,
}

SIGNATURE = re.compile(r"^diagram (\w+)\((.*)\) -> \[(.*?)\]", re.MULTILINE)
PORT = re.compile(r"(\w+)\[(.*?)\](?: in (\w+))?")


def axes_of(text):
    """Names and sizes of axes: `s:5 m` is (("s", 5), ("m", None))."""
    return tuple((a.split(":")[0], int(a.split(":")[1]) if ":" in a else None) for a in text.split())


class Program:
    """boxes.ncd in a folder of its own, beside what it imports, with a scalar twin of each diagram."""

    def __init__(self, folder):
        text = (HERE / "boxes.ncd").read_text()
        self.file = folder / "boxes.ncd"
        self.signatures = {name: (ports, result) for name, ports, result in SIGNATURE.findall(text)}
        self.sizes = {name: int(size) for name, size in re.findall(r"^axis (\w+) = (\d+)", text, re.MULTILINE)}
        self.sizes["class"] = 10
        for name, (ports, result) in self.signatures.items():
            text += self.weighed(name, ports, result)
        self.file.write_text(text)
        for program in PROGRAMS.glob("*.ncd"):
            shutil.copy(program, folder)

    def weighed(self, name, ports, result):
        names = ", ".join(port for port, _, _ in PORT.findall(ports))
        if not result:
            return ""
        result = " ".join(f"{a}:{n}" for a, n in self.result(name))
        axes = " ".join(a.split(":")[0] for a in result.split())
        return f"\ndiagram {name}Weighed({ports}, by[{result}]) -> [] {{ (({names}) >> {name}) * by >> sum[{axes}] }}\n"

    def ports(self, name):
        """For each port its sizes, and the size of the axis along which it holds places."""
        for port, axes, place in PORT.findall(self.signatures[name][0]):
            yield port, [n or self.sizes[a] for a, n in axes_of(axes)], self.sizes.get(place)

    def result(self, name):
        known = dict(self.sizes)
        for _, axes, _ in PORT.findall(self.signatures[name][0]):
            known.update((a, n) for a, n in axes_of(axes) if n)
        return [(a, n or known[a]) for a, n in axes_of(self.signatures[name][1])]


class Ours:
    def __init__(self, binary, folder):
        self.binary, self.folder, self.program = binary, folder, Program(folder)

    def ncd(self, *words):
        done = subprocess.run([self.binary, *map(str, words)], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)

    def weights(self, name, random):
        """The weights of `ncd init`, drawn anew, so that none is 0 or 1."""
        self.file = self.folder / "weights.safetensors"
        self.ncd("init", self.program.file, name, "-o", self.file)
        weights = load_file(self.file)
        for path, w in weights.items():
            kept = numpy.zeros_like(w) if path.endswith("running_mean") else numpy.ones_like(w)
            is_kept = "running_" in path
            weights[path] = kept if is_kept else (0.5 * random.standard_normal(w.shape)).astype("float32")
        save_file(weights, self.file)
        return weights

    def run(self, name, inputs, *options):
        numpy.savez(self.folder / "in.npz", **inputs)
        out = self.folder / "out.npz"
        self.ncd("run", self.program.file, name, "--input", self.folder / "in.npz", "--weights", self.file, "--mode", "train", "-o", out, *options)
        return dict(numpy.load(out))


def difference(ours, theirs):
    ours, theirs = numpy.asarray(ours, "float64"), theirs.detach().numpy()
    if ours.shape != theirs.shape:
        raise RuntimeError(f"ours is {ours.shape}, theirs {theirs.shape}")
    return abs(ours - theirs).max() / max(abs(theirs).max(), 1e-3)


def compare(ours, name):
    random = numpy.random.default_rng(7)
    weights, inputs = ours.weights(name, random), {}
    for port, sizes, places in ours.program.ports(name):
        inputs[port] = random.integers(0, places, sizes).astype("int32") if places else random.standard_normal(sizes).astype("float32")
    tensors = {port: torch.tensor(x).long() if x.dtype == "int32" else torch.tensor(x).double().requires_grad_() for port, x in inputs.items()}
    theirs = Weights({path: torch.tensor(w).double().requires_grad_() for path, w in weights.items()})
    result = CASES[name](tensors, theirs)
    got = ours.run(name, inputs)["result"]
    worst = {"result": difference(got, result)}
    if result.dim() == 0:
        gradients = ours.run(name, inputs, "--grad")
        result.backward()
    else:
        by = random.standard_normal(result.shape).astype("float32")
        (result * torch.tensor(by)).sum().backward()
        gradients = ours.weighed(name, inputs, by)
    for path, t in {**tensors, **theirs.all}.items():
        if t.grad is not None:
            worst[path] = difference(gradients["grad/" + path], t.grad)
    return worst


def main():
    binary, names = sys.argv[1], sys.argv[2:] or CASES
    failed = False
    print(f"{'':22} {'result':>9} {'gradients':>9}  of which the worst is")
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(binary, pathlib.Path(folder))
        for name in names:
            try:
                worst = compare(ours, name)
            except RuntimeError as fault:
                failed = True
                print(f"{name:22} {str(fault).strip().splitlines()[0]}")
                continue
            result = worst.pop("result")
            path = max(worst, key=worst.get)
            isFar = not (result <= RESULT and worst[path] <= GRADIENT)
            failed |= isFar
            print(f"{name:22} {result:9.1e} {worst[path]:9.1e}  {path}{'  TOO FAR' if isFar else ''}")
    sys.exit(failed)


if __name__ == "__main__":
    main()

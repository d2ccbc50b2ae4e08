"""The library's boxes and whole models beside PyTorch's, from the same weights and inputs.

usage: boxes.py NCD_BINARY [NAME...]

For each diagram of boxes.ncd the largest relative difference of its result (at most 1e-5) and of every gradient (at most
1e-4) is printed, measured by the largest number of the array. PyTorch computes in float64, so that the difference is ours.
The weights behind ten steps of each optimiser follow in a table of their own: NAME may be "optimizers". The exit status is
1 where one is too far.
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

import optimizers
from metrics import METRICS
from models import (
    SPECIMENS, Weights, affine, attend, channels_first, channels_last, feed_forward, kernel, layer_norm, lstm, positions,
)

RESULT, GRADIENT = 1e-5, 1e-4
SMALLEST = 1e-2  # an array of smaller numbers is zeros but for rounding
HERE = pathlib.Path(__file__).parent
PROGRAMS = HERE.parent.parent / "grammar" / "testdata" / "specimens"


def learned_kernel(w):
    """The weight and bias of a convolution, with a bias or without."""
    if w.has("affine.0.weight"):
        return kernel(w("affine.0.weight")), w("affine.0.bias")
    return kernel(w("linear.0.weight")), None


def conv(function, **options):
    return lambda i, w: channels_last(function(channels_first(i["x"]), *learned_kernel(w), **options))


def upconv(function, **options):
    def run(i, w):
        weight = w("pieces.weight").movedim(-1, 1)  # ours is [in, places of a piece, out], theirs [in, out, places]
        bias = w("bias.0.bias") if w.has("bias.0.bias") else None
        return channels_last(function(channels_first(i["x"]), weight, bias, **options))

    return run


def pool(function, *sizes):
    return lambda i, w: channels_last(function(channels_first(i["x"]), *sizes))


def normal(function, *options):
    return lambda i, w: function(i["x"], *options, w("gain.0.weight"), w("bias.0.bias"))


def loss(function, **options):
    return lambda i, w: function(i["x"], i["target"], **options)


def of_scores(function, **options):
    return lambda i, w: function(i["scores"], i["label"], reduction="none", **options)


def batch_norm(i, w):
    return F.batch_norm(i["x"], None, None, w("gain.0.weight"), w("bias.0.bias"), training=True)


def binary_cross_entropy(i, w):
    return F.binary_cross_entropy_with_logits(i["x"], i["target"].sigmoid(), reduction="none")


def divergence(i, w):
    return F.kl_div(i["x"].log_softmax(-1), i["target"].softmax(-1), reduction="none").sum(-1)


def cosine(i, w):
    return F.cosine_embedding_loss(i["x"], i["target"], torch.ones(len(i["x"])), reduction="none")


def contrastive(i, w):
    a, b = F.normalize(i["x"], dim=-1), F.normalize(i["target"], dim=-1)
    alike, own = a @ b.T / 0.07, torch.arange(len(a))
    return (F.cross_entropy(alike, own) + F.cross_entropy(alike.T, own)) / 2


def dice(i, w):
    x, y = i["x"].sigmoid(), i["target"].sigmoid()
    return 1 - (2 * (x * y).sum() + 1) / (x.sum() + y.sum() + 1)


def power_norm(i, w):
    """The first step: the running mean square is 1, and what the way back keeps is 0."""
    return i["x"] / (1 + 1e-5) ** 0.5 * w("gain.0.weight")[:, None] + w("bias.0.bias")[:, None]


def consistency(i, w):
    return (i["x"].softmax(-1) - i["target"].detach().softmax(-1)).square().mean(-1)


def gaussian_divergence(i, w):
    made = torch.distributions.Normal(i["x"], (i["target"] / 2).exp())
    standard = torch.distributions.Normal(torch.zeros_like(i["x"]), torch.ones_like(i["x"]))
    return torch.distributions.kl_divergence(made, standard).sum(-1)


def balance(i, w):
    chosen = F.one_hot(i["x"].argmax(-1), i["x"].shape[-1]).double().mean(0)
    return i["x"].shape[-1] * (i["x"].softmax(-1).mean(0) * chosen).sum()


def of_x(function, *options):
    return lambda i, w: function(i["x"], *options)


def multi_head(target, source, w, causal=False):
    """torch.nn.MultiheadAttention with our weights: ours keep heads apart, theirs lie side by side."""
    m, h = w("q.weight").shape[:2]
    module = torch.nn.MultiheadAttention(m, h, batch_first=True, dtype=torch.float64)
    parameters = {
        "in_proj_weight": torch.cat([w(name + ".weight").reshape(m, m).T for name in "qKV"]),
        "in_proj_bias": torch.cat([w(name + ".bias").reshape(m) for name in "qKV"]),
        "out_proj.weight": w("affine.0.weight").reshape(m, m).T,
        "out_proj.bias": w("affine.0.bias"),
    }
    mask = torch.nn.Transformer.generate_square_subsequent_mask(len(target), dtype=torch.float64) if causal else None
    options = {"need_weights": False, "attn_mask": mask}
    return torch.func.functional_call(module, parameters, (target[None], source[None], source[None]), options)[0][0]


def grouped_query(i, w):
    q = torch.einsum("ym,mgek->geyk", i["target"], w("q.weight"))
    k = torch.einsum("xm,mgk->gxk", i["source"], w("K.weight"))
    v = torch.einsum("xm,mgk->gxk", i["source"], w("V.weight"))
    mixed = attend(q.flatten(0, 1), k, v, shared=True).unflatten(0, q.shape[:2])
    return torch.einsum("geyk,gekm->ym", mixed, w("linear.0.weight"))


def turned(x):
    """Pairs of numbers of a sequence, turned by angles that grow with the place."""
    places, m = x.shape
    rate = 10000 ** (-torch.arange(0, m, 2, dtype=torch.float64) / m)
    angle = torch.arange(places, dtype=torch.float64)[:, None] * rate
    pairs = torch.view_as_complex(x.unflatten(-1, (-1, 2))) * torch.polar(torch.ones_like(angle), angle)
    return torch.view_as_real(pairs).flatten(-2)


def encoder_layer(i, w):
    x = i["x"]
    x = layer_norm(x + multi_head(x, x, w.within("self_attention.0.multihead.0.")), w.within("x."))
    return layer_norm(x + feed_forward(x, w.within("feed_forward.0.")), w.within("layernorm.0."))


def decoder_layer(i, w):
    x, memory = i["target"], i["source"]
    x = layer_norm(x + multi_head(x, x, w.within("self_attention.0.multihead.0."), causal=True), w.within("a."))
    x = layer_norm(x + multi_head(x, memory, w.within("multihead.0.")), w.within("b."))
    return layer_norm(x + feed_forward(x, w.within("feed_forward.0.")), w.within("layernorm.0."))


def prenorm_layer(i, w):
    x = i["x"]
    y = layer_norm(x, w.within("layernorm.0."))
    x = x + multi_head(y, y, w.within("self_attention.0.multihead.0."))
    return x + feed_forward(layer_norm(x, w.within("layernorm.1.")), w.within("feed_forward.0."), F.gelu)


def rms_norm(x, w):
    return F.rms_norm(x, x.shape[-1:], w("gain.0.weight"), 1e-6)


def rotary_layer(i, w):
    x, inside = i["x"], w.within("rotary_attention.0.")
    y = rms_norm(x, w.within("rmsnorm.0."))
    q, k, v = (torch.einsum("sm,mhk->hsk", y, inside(name + ".weight")) for name in "qKV")
    q, k = (torch.stack([turned(head) for head in heads]) for heads in (q, k))
    x = x + torch.einsum("hsk,hkm->sm", attend(q, k, v, causal=True), inside("linear.0.weight"))
    y = rms_norm(x, w.within("y."))
    return x + (F.silu(y @ w("gate.weight")) * (y @ w("value.weight"))) @ w("linear.0.weight")


def transformer_of_library(i, w):
    x = encoder_layer({"x": i["source"]}, w.within("encoder_layer.0."))
    memory = encoder_layer({"x": x}, w.within("memory."))
    return decoder_layer({"target": i["target"], "source": memory}, w.within("decoder_layer.0."))


def recurrent(i, w):
    module = torch.nn.RNN(*w("affine.0.weight").shape, batch_first=True, dtype=torch.float64)
    bias = w("affine.0.bias")
    parameters = {"weight_ih_l0": w("affine.0.weight").T, "weight_hh_l0": w("linear.0.weight").T}
    parameters |= {"bias_ih_l0": bias, "bias_hh_l0": torch.zeros_like(bias)}
    return torch.func.functional_call(module, parameters, (i["x"],))[0]


def gated(i, w):
    into, past = w("affine.0.weight"), w("affine.1.weight")
    module = torch.nn.GRU(into.shape[0], past.shape[0], batch_first=True, dtype=torch.float64)
    parameters = {"weight_ih_l0": into.flatten(1).T, "weight_hh_l0": past.flatten(1).T}
    parameters |= {"bias_ih_l0": w("affine.0.bias").flatten(), "bias_hh_l0": w("affine.1.bias").flatten()}
    return torch.func.functional_call(module, parameters, (i["x"],))[0]


def conv_of_groups(i, w):
    weight = w("grouped_linear.0.linear.0.weight")  # [group, places, in, out]
    weight = weight.movedim(-1, 1).movedim(-1, 2).flatten(0, 1)
    return channels_last(F.conv2d(channels_first(i["x"]), weight, w("bias.0.bias"), padding=1, groups=2))


def depthwise(i, w):
    weight = w("linear.0.weight")[:, None]
    return channels_last(F.conv2d(channels_first(i["x"]), weight, padding=1, groups=len(weight)))


def graph_convolution(i, w):
    """The formula of the paper, D^-1/2 (A + I) D^-1/2 X W, with a dense A."""
    adjacency = torch.eye(len(i["x"]), dtype=torch.float64)
    adjacency.index_put_((i["to"], i["from"]), torch.ones(len(i["to"]), dtype=torch.float64), accumulate=True)
    scale = adjacency.sum(1) ** -0.5
    return scale[:, None] * adjacency * scale @ (i["x"] @ w("linear.0.weight")) + w("bias.0.bias")


def message_mean(i, w):
    x, arriving = i["x"], i["x"][i["from"]]
    count = torch.zeros(len(x)).index_add(0, i["to"], torch.ones(len(i["to"]))).clamp(min=1)
    return torch.zeros_like(x).index_add(0, i["to"], arriving) / count[:, None].double()


def graph_attention(i, w):
    y = torch.einsum("nm,mhk->nhk", i["x"], w("y.weight"))
    says, asks = (y * w("saying.weight")).sum(-1), (y * w("asking.weight")).sum(-1)
    weight = F.leaky_relu(says[i["from"]] + asks[i["to"]], 0.2).exp()
    share = weight / torch.zeros_like(says).index_add(0, i["to"], weight)[i["to"]]
    return torch.zeros_like(y).index_add(0, i["to"], share[..., None] * y[i["from"]])


def experts(i, w, k=2):
    scores = i["x"] @ w("linear.0.weight")
    best, chosen = scores.topk(k)
    gate = torch.zeros_like(scores).scatter(-1, chosen, best.softmax(-1))
    made = (torch.einsum("sm,emo->seo", i["x"], w("made.f.affine.0.weight")) + w("made.f.affine.0.bias")).tanh()
    return torch.einsum("se,sem->sm", gate, made)


def quadratic(i, w):
    x = i["x"]
    gate = x @ w("linear.0.weight") + w("gate.bias")
    return affine(x, w.within("value.")) * gate + affine(x**2, w.within("squares."))


CASES = {
    "LayerNorm": normal(F.layer_norm, (6,)),
    "RMSNorm": lambda i, w: F.rms_norm(i["x"], (6,), w("gain.0.weight"), 1e-6),
    "GroupNorm": normal(F.group_norm, 3),
    "InstanceNorm": lambda i, w: F.instance_norm(i["x"]),
    "BatchNorm": batch_norm,
    "UnitLength": of_x(F.normalize),
    "PowerNorm": power_norm,
    "CrossEntropy": of_scores(F.cross_entropy),
    "SmoothCrossEntropy": of_scores(F.cross_entropy, label_smoothing=0.1),
    "BinaryCrossEntropy": binary_cross_entropy,
    "SquaredError": loss(F.mse_loss),
    "AbsoluteError": loss(F.l1_loss),
    "Huber": loss(F.huber_loss, delta=0.7),
    "Hinge": of_scores(F.multi_margin_loss),
    "Divergence": divergence,
    "CosineLoss": cosine,
    "Contrastive": contrastive,
    "Dice": dice,
    "Consistency": consistency,
    "Goodness": lambda i, w: i["x"].square().mean(-1),
    "GaussianDivergence": gaussian_divergence,
    "Balance": balance,
    "LeakyRelu": of_x(F.leaky_relu, 0.1),
    "Elu": of_x(F.elu, 1.3),
    "Selu": of_x(F.selu),
    "Mish": of_x(F.mish),
    "GatedHalf": of_x(F.glu),
    "Conv": conv(F.conv2d, padding=1),
    "ConvWithoutPadding": conv(F.conv2d),
    "ConvStrided": conv(F.conv2d, padding=1, stride=2),
    "ConvPadded": conv(F.conv1d, padding=3, stride=2),
    "ConvDilated": conv(F.conv2d, padding=2, dilation=2),
    "ConvOfVolumes": conv(F.conv3d),
    "ConvOfGroups": conv_of_groups,
    "Depthwise": depthwise,
    "UpConv": upconv(F.conv_transpose2d, stride=2),
    "UpConvOverlapping": upconv(F.conv_transpose1d, stride=2),
    "UpConvPadded": upconv(F.conv_transpose1d, stride=2, padding=1, output_padding=1),
    "MaxPool": pool(F.max_pool2d, 2),
    "MaxPoolPadded": pool(F.max_pool2d, 3, 2, 1),
    "MeanPool": pool(F.avg_pool2d, 2),
    "MeanPoolPadded": pool(F.avg_pool2d, 3, 2, 1),
    "Attention": lambda i, w: attend(i["q"], i["K"], i["V"]),
    "CausalAttention": lambda i, w: attend(i["q"], i["K"], i["V"], causal=True),
    "MultiHeadAttention": lambda i, w: multi_head(i["target"], i["source"], w),
    "GroupedQuery": grouped_query,
    "Rotary": of_x(turned),
    "Positions": lambda i, w: positions(i["x"]),
    "EncoderLayer": encoder_layer,
    "DecoderLayer": decoder_layer,
    "PrenormLayer": prenorm_layer,
    "RotaryLayer": rotary_layer,
    "TransformerOfLibrary": transformer_of_library,
    "Recurrent": recurrent,
    "Gated": gated,
    "LongShortTerm": lambda i, w: lstm(i["x"], w("affine.0.weight"), w("linear.0.weight"), w("affine.0.bias")),
    "GraphConvolution": graph_convolution,
    "GraphAttention": graph_attention,
    "MessageMean": message_mean,
    "Experts": experts,
    "Quadratic": quadratic,
    "Prototypes": lambda i, w: torch.cdist(i["x"], w("prototypes.weight")) ** 2,
    **SPECIMENS,
    **{name: lambda i, w, metric=metric: metric(i) for name, metric in METRICS.items()},
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
        for name in CASES:
            text += self.weighed(name, *self.signatures[name])
        self.file.write_text(text)
        for program in PROGRAMS.glob("*.ncd"):
            shutil.copy(program, folder)

    def weighed(self, name, ports, result):
        """The scalar twin; what it weighs by has axes of its own, as a name has one size among ports."""
        if not result:
            return ""
        names = ", ".join(port for port, _, _ in PORT.findall(ports))
        axes = self.result(name)
        labels, fresh = " ".join(a for a, _ in axes), " ".join(f"of{k}" for k in range(len(axes)))
        sizes = " ".join(f"of{k}:{n}" for k, (_, n) in enumerate(axes))
        body = f"(({names}) >> {name}) * (by >> [{fresh} -> {labels}]) >> sum[{labels}]"
        return f"\ndiagram {name}Weighed({ports}, by[{sizes}]) -> [] {{ {body} }}\n"

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

    def first_weights(self, name):
        self.ncd("init", self.program.file, name, "-o", self.folder / "weights.safetensors")
        return load_file(self.folder / "weights.safetensors")

    def run(self, name, inputs, weights, *options):
        numpy.savez(self.folder / "in.npz", **inputs)
        save_file(weights, self.folder / "weights.safetensors")
        out = self.folder / "out.npz"
        mode = "train" if any("batchnorm" in path for path in weights) else "eval"
        options = ["--weights", self.folder / "weights.safetensors", "--mode", mode, "-o", out, *options]
        self.ncd("run", self.program.file, name, "--input", self.folder / "in.npz", *options)
        return dict(numpy.load(out))

    def gradients(self, name, inputs, weights, by):
        """The gradient of the scalar twin, in which all weights are in a box more."""
        if by is None:
            return self.run(name, inputs, weights, "--grad")
        box = outermost(self.first_weights(name + "Weighed"))
        inside = {box + path: w for path, w in weights.items()}
        found = self.run(name + "Weighed", {**inputs, "by": by}, inside, "--grad")
        return {key.replace("grad/" + box, "grad/"): g for key, g in found.items()}


def is_kept(path):
    """Whether it is no weight, but what a normalisation keeps from step to step: it stays as it begins."""
    return path.rpartition(".")[2] in ("running_mean", "running_variance", "square_mean", "growth")


def outermost(weights):
    """The path of the box that holds all weights."""
    return ".".join(next(iter(weights)).split(".")[:2]) + "." if weights else ""


def difference(ours, theirs):
    ours, theirs = numpy.asarray(ours, "float64"), theirs.detach().numpy()
    if ours.shape != theirs.shape:
        raise RuntimeError(f"ours is {ours.shape}, theirs {theirs.shape}")
    return abs(ours - theirs).max() / max(abs(theirs).max(), SMALLEST)


def drawn(ours, name, random):
    """Weights and inputs for a diagram."""
    weights = ours.first_weights(name)
    for path, w in weights.items():
        if not is_kept(path):
            weights[path] = (0.5 * random.standard_normal(w.shape)).astype("float32")
    inputs = {}
    for port, sizes, places in ours.program.ports(name):
        inputs[port] = random.integers(0, places, sizes) if places else random.standard_normal(sizes).astype("float32")
    return weights, inputs


def compare(ours, name):
    random = numpy.random.default_rng(7)
    weights, inputs = drawn(ours, name, random)
    tensors = {port: torch.tensor(x) for port, x in inputs.items()}
    tensors = {port: x.double().requires_grad_() if x.is_floating_point() else x for port, x in tensors.items()}
    theirs = {path: torch.tensor(w).double().requires_grad_() for path, w in weights.items()}
    result = CASES[name](tensors, Weights(theirs, outermost(theirs)))
    got = ours.run(name, inputs, weights)["result"]
    worst = {"result": difference(got, result)}
    if not result.requires_grad:
        return worst
    by = random.standard_normal(result.shape).astype("float32") if result.dim() else None
    (result if by is None else (result * torch.tensor(by)).sum()).backward()
    gradients = ours.gradients(name, inputs, weights, by)
    for path, t in {**tensors, **theirs}.items():
        if t.grad is not None:
            worst[path] = difference(gradients["grad/" + path], t.grad)
    return worst


def told(name, figures, limits, worst):
    """Prints a line, and reports whether a figure is beyond its limit."""
    is_far = not all(x <= limit for x, limit in zip(figures, limits))
    columns = " ".join(f"{x:9.1e}" for x in figures)
    print(f"{name:22} {columns}  {worst}{'  TOO FAR' if is_far else ''}", flush=True)
    return is_far


def compare_boxes(ours, names):
    """Whether a box is too far from its peer, or fails."""
    print(f"{'':22} {'result':>9} {'gradients':>9}  of which the worst is")
    failed = False
    for name in names:
        try:
            worst = compare(ours, name)
        except (RuntimeError, KeyError) as fault:
            failed = True
            print(f"{name:22} {str(fault).strip().splitlines()[0]}")
            continue
        result = worst.pop("result")
        path = max(worst, key=worst.get, default="")
        failed |= told(name, (result, worst.get(path, 0)), (RESULT, GRADIENT), path)
    return failed


def compare_optimizers(ours):
    """Whether weights are too far after ten steps."""
    print(f"\n{'':54} {'weights':>9}  of which the worst is")
    failed = False
    for case, difference, path in optimizers.compare(ours.ncd, ours.folder):
        failed |= told(f"{case:54}", (difference,), (optimizers.WEIGHTS,), path)
    return failed


def main():
    torch.set_num_threads(1)
    binary, names = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(binary, pathlib.Path(folder))
        failed = names != ["optimizers"] and compare_boxes(ours, names or CASES)
        if not names or names == ["optimizers"]:
            failed |= compare_optimizers(ours)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()

"""Results and gradients of our programs beside PyTorch's, from the same weights and inputs.

usage: gradients.py NCD_BINARY
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch
from safetensors.torch import load_file

TOLERANCE = 1e-4

ATTENTION = """
diagram Attention(q[y k], K[x k], V[x k]) -> [y k] {
    scores[y x]  = k^-0.5 * q[y k] * K[x k]
    weights      = scores >> softmax[x]
    result[y k]  = weights[y x] * V[x k]
    result
}

diagram MultiHead[h = 8, k = m/h](target[y m], source[x m]) -> [y m] {
    q = target >> linear[m -> h k]
    K = source >> linear[m -> h k]
    V = source >> linear[m -> h k]
    (q, K, V) >> Attention >> linear[h k -> m]
}
"""

PROGRAMS = {
    "attention": ATTENTION + """
diagram Weighed(q[y k], K[x k], V[x k], by[y k]) -> [] {
    ((q, K, V) >> Attention) * by >> sum[y k]
}
""",
    "multi-head attention": ATTENTION + """
diagram Weighed(target[y m], source[x m], by[y m]) -> [] {
    ((target, source) >> MultiHead) * by >> sum[y m]
}
""",
    "digits": """
axis class = 10

diagram Digits[wide = 512](image[row col]) -> [class] {
    image >> [row col -> pixel=(row col)]
          >> affine[pixel -> hidden:wide] >> relu
          >> affine[hidden -> class]
}

diagram Weighed(image[row col], by[class]) -> [] {
    (image >> Digits >> logsoftmax[class]) * by >> sum[class]
}
""",
}


def attend(q, k, v):
    scores = torch.einsum("...yk,...xk->...yx", q, k) * q.shape[-1] ** -0.5
    return scores.softmax(-1) @ v


def attention(inputs, weights):
    return (attend(inputs["q"], inputs["K"], inputs["V"]) * inputs["by"]).sum()


def multi_head(inputs, weights):
    by_name = {name.rsplit(".", 2)[-2]: w for name, w in weights.items() if not name.endswith("linear.0.weight")}
    out = next(w for name, w in weights.items() if name.endswith("linear.0.weight"))
    q, k, v = (
        torch.einsum("sm,mhk->hsk", inputs[port], by_name[name])
        for port, name in (("target", "q"), ("source", "K"), ("source", "V"))
    )
    mixed = torch.einsum("hyk,hkm->ym", attend(q, k, v), out)
    return (mixed * inputs["by"]).sum()


def digits(inputs, weights):
    parts = [weights[name] for name in sorted(weights)]  # bias, weight of the first layer, then of the second
    hidden = torch.relu(inputs["image"].reshape(-1) @ parts[1] + parts[0])
    return ((hidden @ parts[3] + parts[2]).log_softmax(-1) * inputs["by"]).sum()


CASES = {
    "attention": (attention, {"q": (5, 6), "K": (7, 6), "V": (7, 6), "by": (5, 6)}),
    "multi-head attention": (multi_head, {"target": (5, 24), "source": (7, 24), "by": (5, 24)}),
    "digits": (digits, {"image": (28, 28), "by": (10,)}),
}

LETTERS = {"attention": [], "multi-head attention": ["m=24"], "digits": ["row=28", "col=28"]}


def difference(ours, theirs):
    ours, theirs = numpy.asarray(ours, "float64"), theirs.detach().numpy().astype("float64")
    return abs(ours - theirs).max() / max(abs(theirs).max(), 1e-12)


def ours(binary, name, inputs, folder):
    program = folder / "program.ncd"
    program.write_text(PROGRAMS[name])
    numpy.savez(folder / "in.npz", **inputs)
    letters = [word for letter in LETTERS[name] for word in ("--set", letter)]
    command = [binary, "run", program, "Weighed", "--input", folder / "in.npz", "--grad", "-o", folder / "out.npz"]
    weights = {}
    if letters:
        subprocess.run([binary, "init", program, "Weighed", "--seed", "3", "-o", folder / "w.safetensors", *letters], check=True)
        command += ["--weights", folder / "w.safetensors"]
        weights = load_file(folder / "w.safetensors")
    subprocess.run(command, check=True)
    return numpy.load(folder / "out.npz"), weights


def compare(binary, name):
    function, shapes = CASES[name]
    random = numpy.random.default_rng(7)
    inputs = {port: random.standard_normal(shape).astype("float32") for port, shape in shapes.items()}
    with tempfile.TemporaryDirectory() as folder:
        got, weights = ours(binary, name, inputs, pathlib.Path(folder))
        got = dict(got)
    tensors = {port: torch.tensor(array, requires_grad=True) for port, array in inputs.items()}
    weights = {path: w.clone().requires_grad_() for path, w in weights.items()}
    result = function(tensors, weights)
    result.backward()
    values = [key for key in got if not key.startswith("grad/")]
    worst = {"result": difference(got[values[0]], result)}
    for path, tensor in {**tensors, **weights}.items():
        worst["grad/" + path] = difference(got["grad/" + path], tensor.grad)
    return worst


def main():
    failed = False
    for name in CASES:
        for what, error in compare(sys.argv[1], name).items():
            failed |= not error <= TOLERANCE
            print(f"{name:22} {what:40} {error:.1e}{'' if error <= TOLERANCE else '  too far'}")
    sys.exit(failed)


if __name__ == "__main__":
    main()

"""Exported programs beside ours, on the same weights and inputs.

usage: export.py NCD_BINARY [NAME...]

For each diagram of boxes.ncd the exported PyTorch and JAX programs are run: the largest relative difference of the result and
of every gradient (both at most 1e-4) from ours is printed, measured by the largest number of the array. All compute in float32.
The exit status is 1 where one is too far, or where one is refused.
"""
import importlib.util
import pathlib
import subprocess
import sys
import tempfile

import jax
import jax.numpy as jnp
import numpy
import torch

from boxes import CASES, SMALLEST, Ours, drawn, is_kept

FAR = 1e-4


def loaded(path):
    """A Python file as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def exported(ours, name, to, mode):
    path = ours.folder / f"{name}_{to}.py"
    ours.ncd("export", ours.program.file, name, "--to", to, "--mode", mode, "-o", path)
    return loaded(path)


def in_torch(module, inputs, weights, by):
    """The result and the gradients in PyTorch."""
    model = module.model()
    model.load_state_dict({path: torch.tensor(w) for path, w in weights.items()})
    model.train()
    tensors = {port: torch.tensor(x) for port, x in inputs.items()}
    tensors = {port: x.requires_grad_() if x.is_floating_point() else x for port, x in tensors.items()}
    result = model(*tensors.values())
    if not result.requires_grad:
        return result.detach().numpy(), {}
    (result if by is None else (result * torch.tensor(by)).sum()).backward()
    found = {**tensors, **dict(model.named_parameters())}
    return result.detach().numpy(), {path: x.grad.numpy() for path, x in found.items() if x.grad is not None}


def in_jax(module, inputs, weights, by):
    """The result and the gradients in JAX."""
    weights = {path: jnp.asarray(w) for path, w in weights.items()}
    inputs = {port: jnp.asarray(x) for port, x in inputs.items()}
    numbers = {port: x for port, x in inputs.items() if jnp.issubdtype(x.dtype, jnp.floating)}

    def weighed(weights, numbers):
        result = module.model(weights, *{**inputs, **numbers}.values())
        result = result[0] if isinstance(result, tuple) else result  # without what is kept
        return (result if by is None else (result * by).sum()).astype(jnp.float32), result

    if not numbers and not weights:
        return numpy.asarray(weighed(weights, numbers)[1]), {}
    gradients, result = jax.jit(jax.grad(weighed, argnums=(0, 1), has_aux=True))(weights, numbers)
    return numpy.asarray(result), {path: numpy.asarray(g) for tree in gradients for path, g in tree.items()}


def difference(ours, theirs):
    ours, theirs = numpy.asarray(ours, "float64"), numpy.asarray(theirs, "float64")
    if ours.shape != theirs.shape:
        raise RuntimeError(f"ours is {ours.shape}, theirs {theirs.shape}")
    return abs(ours - theirs).max() / max(abs(ours).max(), SMALLEST)


def compare(ours, name):
    """The worst differences of result and gradients by format."""
    random = numpy.random.default_rng(7)
    weights, inputs = drawn(ours, name, random)
    mode = "train" if any("batchnorm" in path for path in weights) else "eval"
    result = ours.run(name, inputs, weights)["result"]
    by = random.standard_normal(result.shape).astype("float32") if result.ndim else None
    gradients = None
    worst = {}
    for to, run in (("torch", in_torch), ("jax", in_jax)):
        try:
            made, theirs = run(exported(ours, name, to, mode), inputs, weights, by)
            if theirs and gradients is None:
                gradients = ours.gradients(name, inputs, weights, by)
            found = {path: gradients["grad/" + path] for path in theirs if not is_kept(path) and "grad/" + path in gradients}
            far = [difference(ours_has, theirs[path]) for path, ours_has in found.items()]
            worst[to] = difference(result, made), max(far, default=0)
        except Exception as fault:
            worst[to] = str(fault).strip().splitlines()[0][:150]
    return worst


def main():
    binary, names = sys.argv[1], sys.argv[2:] or CASES
    failed = False
    print(f"{'':22} {'torch':>9} {'gradients':>9} {'jax':>9} {'gradients':>9}")
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(binary, pathlib.Path(folder))
        for name in names:
            line = ""
            for differences in compare(ours, name).values():
                is_far = isinstance(differences, str) or not max(differences) <= FAR
                failed |= is_far
                line += f" {differences}" if isinstance(differences, str) else "".join(f" {d:9.1e}" for d in differences)
                line += " TOO FAR" if is_far else ""
            print(f"{name:22}{line}", flush=True)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()

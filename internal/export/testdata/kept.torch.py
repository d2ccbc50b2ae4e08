"""Norm, written by ncd export from kept.ncd (mode eval).

The axes of each array stand behind its line; any axes in front of them are lifted over.
Parameters have the paths of ncd's weights: see load() at the end.
"""
import math

import torch
from torch import nn


class Weights(nn.Module):
    """Arrays that learning changes, by the last words of their paths."""

    def __init__(self, **sizes):
        super().__init__()
        for name, size in sizes.items():
            self.register_parameter(name, nn.Parameter(torch.zeros(size)))

    def __getitem__(self, number):
        return getattr(self, str(number))


class Numbered(nn.Module):
    """Modules by the numbers in their paths."""

    def __init__(self, modules):
        super().__init__()
        for number, module in modules.items():
            self.add_module(str(number), module)

    def __getitem__(self, number):
        return getattr(self, str(number))

    def __iter__(self):
        return iter(self.children())


def spread(x, axis, size):
    """x, the same at each place of a new axis."""
    x = torch.as_tensor(x).unsqueeze(axis)
    return x.expand([size if i == x.dim() + axis else -1 for i in range(x.dim())])


def keep(buffer, x):
    """Keeps an array in a buffer: the mean over the further axes in front."""
    with torch.no_grad():
        buffer.copy_(x.mean(tuple(range(x.dim() - buffer.dim()))) if x.dim() > buffer.dim() else x)


def given_back(g, x):
    """What is sent back to x, added up over the axes that x is the same along."""
    return torch.broadcast_to(g, torch.broadcast_shapes(g.shape, x.shape)).sum_to_size(x.shape)


class DivideReverse(torch.autograd.Function):
    """What Divide sends back."""

    @staticmethod
    def forward(ctx, x, size, z, growth):
        ctx.save_for_backward(x, size, z)
        ctx.growth = growth
        return z.clone()

    @staticmethod
    def backward(ctx, g):
        x, size, z, = ctx.saved_tensors
        growth = ctx.growth.clone()
        mul1 = 0.1 * growth  # [c:3]
        mul2 = mul1[..., :, None] * torch.einsum("...bc->...cb", z)  # [c:3 batch:4]
        sent = g - torch.einsum("...cb->...bc", mul2)  # [batch:4 c:3]
        mul3 = sent * z  # [batch:4 c:3]
        constant1 = 0.25  # []
        mean1 = constant1 * torch.einsum("...bc->...c", mul3)  # [c:3]
        growth2 = growth + mean1  # [c:3]
        div1 = sent / size[..., None, :]  # [batch:4 c:3]
        mul4 = 0.0 * size  # [c:3]
        keep(ctx.growth, growth2)
        return given_back(div1, x), given_back(mul4, size), None, None


class Divide(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("growth", torch.full((3,), 0.0), persistent=False)  # [c:3]

    def forward(self, x, size):
        # x [batch:4 c:3]
        # size [c:3]
        with torch.no_grad():
            z = x / size[..., None, :]  # [batch:4 c:3]
        z = DivideReverse.apply(x, size, z, self.growth)
        return z


class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.gain = Numbered({
            0: Weights(weight=(3,)),  # [c:3]
        })
        self.divide = Numbered({0: Divide()})

    def forward(self, x):
        # x [batch:4 c:3]
        constant1 = 2.0  # []
        spread1 = spread(constant1, -1, 3)  # [c:3]
        divide1 = self.divide[0](x, spread1)  # [batch:4 c:3]
        gain1 = divide1 * self.gain[0].weight  # [batch:4 c:3]
        return gain1


model = Norm


def load(weights):
    """The model with the weights of a safetensors file of ncd's."""
    from safetensors.torch import load_file

    made = model()
    made.load_state_dict(load_file(weights))
    return made

"""Spiking, written by ncd export from spikes.ncd (mode eval).

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


class Remembering(nn.Module):
    """A module whose parts may remember something from one call to the next."""

    def reset(self):
        """Forgets what was remembered: the next call begins anew."""
        for module in self.modules():
            if "remembered" in vars(module):
                module.remembered.clear()

    def cut(self):
        """Keeps what is remembered, and sends nothing back through it."""
        for module in self.modules():
            if "remembered" in vars(module):
                for name, x in module.remembered.items():
                    module.remembered[name] = x.detach()


def spread(x, axis, size):
    """x, the same at each place of a new axis."""
    x = torch.as_tensor(x).unsqueeze(axis)
    return x.expand([size if i == x.dim() + axis else -1 for i in range(x.dim())])


def stack(turns, axis):
    """What the turns of a loop made, side by side along a new axis."""
    return torch.stack(torch.broadcast_tensors(*turns), axis)


def given_back(g, x):
    """What is sent back to x, added up over the axes that x is the same along."""
    return torch.broadcast_to(g, torch.broadcast_shapes(g.shape, x.shape)).sum_to_size(x.shape)


class SpikeReverse(torch.autograd.Function):
    """What Spike sends back."""

    @staticmethod
    def forward(ctx, u, x1):
        ctx.save_for_backward(u, x1)
        return x1.clone()

    @staticmethod
    def backward(ctx, g):
        u, x1, = ctx.saved_tensors
        mul1 = u * u  # []
        add1 = 1.0 + mul1  # []
        div1 = g / add1  # []
        return given_back(div1, u), None


class Spike(nn.Module):
    def forward(self, u):
        # u []
        with torch.no_grad():
            step1 = (u > 0).float()  # []
        x1 = SpikeReverse.apply(u, step1)
        return x1


class Neuron(Remembering):
    def __init__(self):
        super().__init__()
        self.remembered = {}
        self.s = Spike()

    def forward(self, x):
        # x [n:4]
        v = self.remembered.get("v", torch.full((4,), 0.0))  # [n:4]
        u = v + x  # [n:4]
        sub1 = u - 1.0  # [n:4]
        s = self.s(sub1)  # [n:4]
        sub2 = 1.0 - s  # [n:4]
        v2 = u * sub2  # [n:4]
        self.remembered["v"] = v2  # [n:4]
        return s


class Spiking(nn.Module):
    def __init__(self):
        super().__init__()
        self.affine = Numbered({
            0: Weights(weight=(6, 4), bias=(4,)),  # [pixel:6 n:4], [n:4]
        })
        self.neuron = Numbered({0: Neuron()})

    def forward(self, image):
        # image [row:2 col:3]
        merge1 = image.flatten(-2, -1)  # [pixel:6]
        affine1 = torch.einsum("...p,pn->...n", merge1, self.affine[0].weight) + self.affine[0].bias  # [n:4]
        spread1 = spread(affine1, -2, 5)  # [t:5 n:4]
        self.neuron[0].reset()
        scan1_turns = []
        for t in range(5):
            if t > 0:  # nothing is sent back to the turn before
                self.neuron[0].cut()
            scan1 = self.neuron[0](spread1[..., t, :])  # [n:4]
            scan1_turns.append(scan1)
        scan2 = stack(scan1_turns, -2)  # [t:5 n:4]
        mean1 = scan2.mean((-2,))  # [n:4]
        return mean1


model = Spiking


def load(weights):
    """The model with the weights of a safetensors file of ncd's."""
    from safetensors.torch import load_file

    made = model()
    made.load_state_dict(load_file(weights))
    return made

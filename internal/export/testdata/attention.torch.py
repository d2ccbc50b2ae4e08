"""Heads, written by ncd export from attention.ncd (mode eval).

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


def softmax(x, axes):
    """e^x over its sum along the axes; zeros where nothing is left because all are -inf."""
    top = x.amax(axes, keepdim=True).detach()
    e = torch.exp(x - torch.where(torch.isinf(top), torch.zeros_like(top), top))
    return e / e.sum(axes, keepdim=True).clamp(min=torch.finfo(x.dtype).tiny)


class Attention(nn.Module):
    """What each place y gathers from the places x."""

    def forward(self, q, K, V):
        # q [y:3 k:2]
        # K [x:5 k:2]
        # V [x:5 k:2]
        constant1 = 0.7071067811865475  # []
        scores = constant1 * torch.einsum("...yk,...xk->...yx", q, K)  # [y:3 x:5]
        weights = softmax(scores, (-1,))  # [y:3 x:5]
        result = torch.einsum("...yx,...xk->...yk", weights, V)  # [y:3 k:2]
        return result


class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = Weights(weight=(4, 2, 2))  # [m:4 h:2 k:2]
        self.K = Weights(weight=(4, 2, 2))  # [m:4 h:2 k:2]
        self.V = Weights(weight=(4, 2, 2))  # [m:4 h:2 k:2]
        self.linear = Numbered({
            0: Weights(weight=(2, 2, 4)),  # [h:2 k:2 m:4]
        })
        self.attention = Numbered({0: Attention()})

    def forward(self, target, source):
        # target [y:3 m:4]
        # source [x:5 m:4]
        q = torch.einsum("...ym,mhk->...yhk", target, self.q.weight)  # [y:3 h:2 k:2]
        K = torch.einsum("...xm,mhk->...xhk", source, self.K.weight)  # [x:5 h:2 k:2]
        V = torch.einsum("...xm,mhk->...xhk", source, self.V.weight)  # [x:5 h:2 k:2]
        attention1 = self.attention[0](torch.einsum("...yhk->...hyk", q), torch.einsum("...xhk->...hxk", K), torch.einsum("...xhk->...hxk", V))  # [h:2 y:3 k:2]
        linear1 = torch.einsum("...hyk,hkm->...my", attention1, self.linear[0].weight)  # [m:4 y:3]
        rearrange1 = torch.einsum("...my->...ym", linear1)  # [y:3 m:4]
        return rearrange1


model = Heads


def load(weights):
    """The model with the weights of a safetensors file of ncd's."""
    from safetensors.torch import load_file

    made = model()
    made.load_state_dict(load_file(weights))
    return made

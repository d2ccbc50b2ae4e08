"""Net, written by ncd export from blocks.ncd (mode eval).

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


def pad(x, axis, before, after):
    """Zeros in front and behind along an axis."""
    return nn.functional.pad(x, (0, 0) * (-1 - axis) + (before, after))


def window(x, axis, offset, *steps):
    """Place offset + Σ stride·i along an axis, for an axis of places i for each (size, stride)."""
    place = torch.tensor(offset, device=x.device)
    for size, stride in steps:
        place = place.unsqueeze(-1) + stride * torch.arange(size, device=x.device)
    return x.index_select(axis, place.flatten()).unflatten(axis, place.shape)


class Conv(nn.Module):
    """Convolution (LeCun et al. 1989): a learned map of what lies under a window, at every place of the axes p. With
    `pad = same` zeros stand around, so that an axis keeps its size divided by the stride; with `none` there are none;
    a number is how many stand on each side. With `groups`, so many parts of the channels are mapped each by itself. `init` says
    how the filters begin, besides as those of `linear` as `gabor` waves, `dct` cosines, or the principal directions (`pca`) or
    means (`kmeans`) of the windows that training shows it first."""

    def __init__(self, c, c2, row):
        super().__init__()
        self.c = c
        self.c2 = c2
        self.row = row
        self.linear = Numbered({
            0: Weights(weight=(3, self.c, self.c2)),  # [w:3 c c]
        })

    def forward(self, x):
        # x [row c]
        pad1 = pad(x, -2, 1, 1)  # [row c]
        windows = window(pad1, -2, 0, (self.row, 1), (3, 1))  # [row w:3 c]
        linear1 = torch.einsum("...rwc,wcC->...rC", windows, self.linear[0].weight)  # [row c]
        return linear1


class Wide(nn.Module):
    """Two convolutions of other widths, and blocks that repeat."""

    def __init__(self, c, c2, row):
        super().__init__()
        self.c = c
        self.c2 = c2
        self.row = row
        self.conv = Numbered({0: Conv(c=self.c, c2=self.c2, row=self.row)})

    def forward(self, x):
        # x [row c]
        conv1 = self.conv[0](x)  # [row c]
        relu1 = torch.relu(conv1)  # [row c]
        return relu1


class Standardize(nn.Module):
    """Mean 0 and variance 1 over the axes named."""

    def forward(self, x):
        # x [c:4]
        mean1 = x.mean((-1,))  # []
        centred = x - mean1[..., None]  # [c:4]
        square1 = torch.square(centred)  # [c:4]
        variance = square1.mean((-1,))  # []
        add1 = variance + 1e-05  # []
        sqrt1 = torch.sqrt(add1)  # []
        div1 = centred / sqrt1[..., None]  # [c:4]
        return div1


class Layernorm(nn.Module):
    """Layer normalisation (Ba, Kiros and Hinton 2016): mean 0 and variance 1 over the axes named, then a learned gain and bias."""

    def __init__(self):
        super().__init__()
        self.gain = Numbered({
            0: Weights(weight=(4,)),  # [c:4]
        })
        self.bias = Numbered({
            0: Weights(bias=(4,)),  # [c:4]
        })
        self.standardize = Numbered({0: Standardize()})

    def forward(self, x):
        # x [c:4]
        standardize1 = self.standardize[0](x)  # [c:4]
        gain1 = standardize1 * self.gain[0].weight  # [c:4]
        bias1 = gain1 + self.bias[0].bias  # [c:4]
        return bias1


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.layernorm = Numbered({0: Layernorm()})

    def forward(self, x):
        # x [row:6 c:4]
        layernorm1 = self.layernorm[0](x)  # [row:6 c:4]
        add1 = x + layernorm1  # [row:6 c:4]
        return add1


class Maxpool(nn.Module):
    """The largest number under a window, at every place of the axes p. `pad` is how many places are added on each side; they
    are never the largest."""

    def forward(self, x):
        # x [row:6]
        windows = x.unflatten(-1, (3, 2))  # [row:3 w:2]
        max1 = windows.amax((-1,))  # [row:3]
        return max1


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.wide = Numbered({
            0: Wide(c=1, c2=4, row=6),
            1: Wide(c=4, c2=8, row=3),
        })
        self.block = Numbered({0: Numbered({
            1: Block(),
            2: Block(),
            3: Block(),
        })})
        self.maxpool = Numbered({0: Maxpool()})

    def forward(self, x):
        # x [row:6 c:1]
        wide1 = self.wide[0](x)  # [row:6 c:4]
        x1 = wide1  # [row:6 c:4]
        for turn in self.block[0]:
            x1 = turn(x1)  # [row:6 c:4]
        maxpool1 = self.maxpool[0](torch.einsum("...rc->...cr", x1))  # [c:4 row:3]
        maxpool2 = torch.einsum("...cr->...rc", maxpool1)  # [row:3 c:4]
        wide2 = self.wide[1](maxpool2)  # [row:3 c:8]
        mean1 = wide2.mean((-2,))  # [c:8]
        return mean1


model = Net


def load(weights):
    """The model with the weights of a safetensors file of ncd's."""
    from safetensors.torch import load_file

    made = model()
    made.load_state_dict(load_file(weights))
    return made

"""What exported PyTorch programs call. Each gets those functions that it uses."""


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


def softmax(x, axes):
    """e^x over its sum along the axes; zeros where nothing is left because all are -inf."""
    top = x.amax(axes, keepdim=True).detach()
    e = torch.exp(x - torch.where(torch.isinf(top), torch.zeros_like(top), top))
    return e / e.sum(axes, keepdim=True).clamp(min=torch.finfo(x.dtype).tiny)


def logsoftmax(x, axes):
    """x less the logarithm of the sum of e^x along the axes; zeros where all are -inf."""
    top = x.amax(axes, keepdim=True).detach()
    x = x - torch.where(torch.isinf(top), torch.zeros_like(top), top)
    total = torch.exp(x).sum(axes, keepdim=True)
    empty = total == 0
    return torch.where(empty, torch.zeros_like(x), x - torch.log(torch.where(empty, torch.ones_like(total), total)))


def spread(x, axis, size):
    """x, the same at each place of a new axis."""
    x = torch.as_tensor(x).unsqueeze(axis)
    return x.expand([size if i == x.dim() + axis else -1 for i in range(x.dim())])


def pad(x, axis, before, after):
    """Zeros in front and behind along an axis."""
    return nn.functional.pad(x, (0, 0) * (-1 - axis) + (before, after))


def window(x, axis, offset, *steps):
    """Place offset + Σ stride·i along an axis, for an axis of places i for each (size, stride)."""
    place = torch.tensor(offset, device=x.device)
    for size, stride in steps:
        place = place.unsqueeze(-1) + stride * torch.arange(size, device=x.device)
    return x.index_select(axis, place.flatten()).unflatten(axis, place.shape)


def lay(x, axis, size, offset, *steps):
    """The transpose of window: adds the last axes up to axis into one, at place offset + Σ stride·i."""
    place = torch.tensor(offset, device=x.device)
    for count, stride in steps:
        place = place.unsqueeze(-1) + stride * torch.arange(count, device=x.device)
    x = x.flatten(axis - len(steps) + 1, axis)
    shape = list(x.shape)
    shape[axis] = size
    return torch.zeros(shape, dtype=x.dtype, device=x.device).index_add(x.dim() + axis, place.flatten(), x)


def look_up(x, place):
    """What stands at a place along the last axis, for every place of the others."""
    shape = torch.broadcast_shapes(x.shape[:-1], place.shape)
    x = x.expand(shape + x.shape[-1:])
    return torch.gather(x, -1, place.expand(shape).unsqueeze(-1)).squeeze(-1)


def one_hot(place, size):
    """1 at a place along a new last axis, else 0."""
    return (place.unsqueeze(-1) == torch.arange(size, device=place.device)).float()


def drawn(distribution, scale, size, *like):
    """A draw for each place of size, and for each of the further axes in front of the arrays of like."""
    shape = torch.broadcast_shapes(*[x.shape[: x.dim() - own] for x, own in like]) + size
    if distribution == "normal":
        return scale * torch.randn(shape)
    if distribution == "sign":
        return scale * (2.0 * (torch.rand(shape) < 0.5) - 1)
    return scale * torch.rand(shape)


def keep(buffer, x):
    """Keeps an array in a buffer: the mean over the further axes in front."""
    with torch.no_grad():
        buffer.copy_(x.mean(tuple(range(x.dim() - buffer.dim()))) if x.dim() > buffer.dim() else x)


def stack(turns, axis):
    """What the turns of a loop made, side by side along a new axis."""
    return torch.stack(torch.broadcast_tensors(*turns), axis)


def widened(x, own, sizes):
    """x with all axes of these sizes in front of its last own ones."""
    front = x.dim() - own
    return torch.broadcast_to(x, torch.broadcast_shapes(x.shape[:front], sizes) + x.shape[front:])


def given_back(g, x):
    """What is sent back to x, added up over the axes that x is the same along."""
    return torch.broadcast_to(g, torch.broadcast_shapes(g.shape, x.shape)).sum_to_size(x.shape)

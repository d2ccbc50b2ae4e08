"""Options and arrays for the ports of diagrams, for the scripts beside this one."""
import re

import numpy


def sets(values):
    return [word for name, value in values.items() for word in ("--set", f"{name}={value}")]


def drawn(random, shape):
    """An array for a port: numbers, or places along an axis."""
    if len(shape) == 2 and isinstance(shape[0], tuple):
        return random.integers(0, shape[1], shape[0])
    return random.standard_normal(shape).astype(numpy.float32)


def ports(text, sizes):
    """The ports of a diagram of boxes.ncd, whose sizes are written in its signature."""
    found = {}
    for name, axes, place in re.findall(r"(\w+)\[([^\]]*)\](?: in ([\w']+))?", text):
        shape = tuple(int(word.split(":")[1]) if ":" in word else sizes[word] for word in axes.split())
        found[name] = (shape, sizes[place]) if place else shape
    return found

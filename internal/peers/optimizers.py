"""The library's optimisers, schedules and filters beside PyTorch's, over ten steps from the same weights.

Each case is a train block of its own on one batch that holds all examples, with a network of two layers and the mean
squared error; what is compared are all weights after the last step. PyTorch computes in float64. Where it lacks an
optimiser, the formula of the paper stands here.
"""
import numpy
import torch
from safetensors.numpy import load_file
from torch.optim import SGD, Adagrad, Adam, AdamW, RMSprop
from torch.optim.lr_scheduler import CosineAnnealingLR, ExponentialLR, LambdaLR

STEPS, EXAMPLES = 10, 32
WEIGHTS = 1e-4  # the largest relative difference of a weight that is allowed

PROGRAM = """
diagram Net(x[m:5]) -> [n:3] { x >> affine[m -> h:8] >> tanh >> affine[h -> n:3] }

train case {
    data      x[m], y[n] = npz["examples.npz"]
    model     net = Net
    loss      (x >> net, y) >> squared_error[n]
    optimizer %s
    batch     %d
    steps     %d
    seed      7
}
"""


class Lion(torch.optim.Optimizer):
    """Program 1 of Chen et al. 2023."""

    def __init__(self, params, lr, b1=0.9, b2=0.99, decay=0.0):
        super().__init__(params, {"lr": lr})
        self.b1, self.b2, self.decay = b1, b2, decay

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                update = (self.b1 * m + (1 - self.b1) * p.grad).sign()
                p -= group["lr"] * (update + self.decay * p)
                m.mul_(self.b2).add_(p.grad, alpha=1 - self.b2)


class Recursion(torch.optim.Optimizer):
    """L-BFGS for each weight by itself, by the two loops of Nocedal 1980, written as Algorithm 7.4 of Nocedal and Wright."""

    def __init__(self, params, lr, history):
        super().__init__(params, {"lr": lr})
        self.history = history

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                kept = self.state[p]
                pairs = kept.setdefault("pairs", [])
                if "p" in kept:
                    pairs.insert(0, (p - kept["p"], p.grad - kept["grad"]))
                    del pairs[self.history :]
                kept["p"], kept["grad"] = p.clone(), p.grad.clone()
                p -= group["lr"] * self.direction(p.grad, [(s, y) for s, y in pairs if (s * y).sum() > 1e-10])

    @staticmethod
    def direction(gradient, pairs):
        q, shares = gradient.clone(), []
        for s, y in pairs:
            shares.append((s * q).sum() / (s * y).sum())
            q -= shares[-1] * y
        if pairs:
            s, y = pairs[0]
            q *= (s * y).sum() / (y * y).sum()
        for (s, y), share in zip(reversed(pairs), reversed(shares)):
            q += s * (share - (y * q).sum() / (s * y).sum())
        return q


def scheduled(lr, schedule):
    """Gradient descent whose rate a schedule of PyTorch says."""

    def make(params):
        optimizer = SGD(params, lr)
        return optimizer, schedule(optimizer)

    return make


def fixed(optimizer, **options):
    return lambda params: (optimizer(params, **options), None)


def even_fall(step):
    """1 at the first step, 0.1 at the end of the run."""
    return 1 - 0.9 * step / STEPS


def drops(step):
    """Of two at even distances over the run, how many are behind: a tenth for each."""
    return 0.1 ** sum(step + 0.5 > STEPS * i / 3 for i in (1, 2))


def one_cycle(step):
    """Smith and Topin's cycle with half cosines; OneCycleLR counts its places by steps - 1, ours by steps."""
    up, gone = min(step / 3, 1), min(max((step - 3) / 7, 0), 1)
    risen = 1 - 0.96 * 0.5 * (1 + numpy.cos(numpy.pi * up))
    return risen * (4e-6 + (1 - 4e-6) * 0.5 * (1 + numpy.cos(numpy.pi * gone)))


# By what the program says. Filters that PyTorch has as functions of gradients are in train.
CASES = {
    "sgd[rate = 0.1]": fixed(SGD, lr=0.1),
    "sgd[rate = 0.1, momentum = 0.9]": fixed(SGD, lr=0.1, momentum=0.9),
    "sgd[rate = 0.1, momentum = 0.9, nesterov = true]": fixed(SGD, lr=0.1, momentum=0.9, nesterov=True),
    "rmsprop[rate = 0.01]": fixed(RMSprop, lr=0.01),
    "rmsprop[rate = 0.01, momentum = 0.9]": fixed(RMSprop, lr=0.01, momentum=0.9),
    "adagrad[rate = 0.1]": fixed(Adagrad, lr=0.1),
    "adam[rate = 0.01]": fixed(Adam, lr=0.01),
    "adamw[rate = 0.01, decay = 0.1]": fixed(AdamW, lr=0.01, weight_decay=0.1),
    "lion[rate = 0.01, decay = 0.1]": fixed(Lion, lr=0.01, decay=0.1),
    "lbfgs[rate = 0.1, history = 4]": fixed(Recursion, lr=0.1, history=4),
    "sgd[rate = 0.1] >> decay[0.01]": fixed(SGD, lr=0.1, weight_decay=0.01),
    "sgd[rate = 0.1] >> clip[0.5]": fixed(SGD, lr=0.1),
    "sgd[rate = 0.1] >> limit[0.05]": fixed(SGD, lr=0.1),
    "sgd[rate = cosine[0.1]]": scheduled(0.1, lambda o: CosineAnnealingLR(o, STEPS)),
    "sgd[rate = exponential[0.1, factor = 0.5, every = 3]]": scheduled(0.1, lambda o: ExponentialLR(o, 0.5 ** (1 / 3))),
    "sgd[rate = linear[0.1, end = 0.01]]": scheduled(0.1, lambda o: LambdaLR(o, even_fall)),
    "sgd[rate = staircase[0.1]]": scheduled(0.1, lambda o: LambdaLR(o, drops)),
    "sgd[rate = one_cycle[0.1]]": scheduled(0.1, lambda o: LambdaLR(o, one_cycle)),
    "sgd[rate = warmup[4] * 0.1]": scheduled(0.1, lambda o: LambdaLR(o, lambda step: min((step + 1) / 4, 1))),
}


def clip(params):
    torch.nn.utils.clip_grad_norm_(params, 0.5)


def limit(params):
    torch.nn.utils.clip_grad_value_(params, 0.05)


def train(case, first, x, y):
    """The weights after ten steps in PyTorch, by path."""
    weights = {path: torch.tensor(w).double().requires_grad_() for path, w in first.items()}
    params = list(weights.values())
    optimizer, schedule = CASES[case](params)
    x, y = torch.tensor(x).double(), torch.tensor(y).double()
    for _ in range(STEPS):
        optimizer.zero_grad()
        hidden = (x @ weights["affine.0.weight"] + weights["affine.0.bias"]).tanh()
        made = hidden @ weights["affine.1.weight"] + weights["affine.1.bias"]
        torch.nn.functional.mse_loss(made, y).backward()
        if "clip" in case:
            clip(params)
        if "limit" in case:
            limit(params)
        optimizer.step()
        if schedule is not None:
            schedule.step()
    return weights


def ours(ncd, folder, optimizer):
    """The weights of a run of ncd, by path."""
    program, run = folder / "optimizer.ncd", folder / f"run{len(list(folder.glob('run*')))}"
    program.write_text(PROGRAM % (optimizer, EXAMPLES, STEPS))
    ncd("train", program, "--threads", 1, "-o", run)
    return load_file(run / "weights.safetensors")


def compare(ncd, folder):
    """Yields each case with its largest relative difference and the weight that has it."""
    random = numpy.random.default_rng(5)
    x = random.standard_normal((EXAMPLES, 5)).astype("float32")
    y = random.standard_normal((EXAMPLES, 3)).astype("float32")
    numpy.savez(folder / "examples.npz", x_train=x, y_train=y, x_test=x[:4], y_test=y[:4])
    first = ours(ncd, folder, "sgd[rate = 0]")
    for case in CASES:
        theirs = train(case, first, x, y)
        worst = {}
        for path, w in ours(ncd, folder, case).items():
            wanted = theirs[path].detach().numpy()
            worst[path] = abs(w - wanted).max() / abs(wanted).max()
        path = max(worst, key=worst.get)
        yield case, worst[path], path

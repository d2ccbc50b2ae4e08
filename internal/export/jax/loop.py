"""The loop around a step of training."""


class SplitMix:
    """SplitMix64 of Steele, Lea and Flood (OOPSLA 2014)."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        z = self.state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
        return z ^ z >> 31


def shuffled(count, seed, epoch):
    """The order of the examples in an epoch (from 0): Fisher and Yates's shuffle, as ncd train deals them."""
    random = SplitMix(SplitMix(seed).next() ^ epoch)
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        j = random.next() * (i + 1) >> 64
        order[i], order[j] = order[j], order[i]
    return numpy.array(order)


def examples(data, split, name, which):
    """Some examples of a field, from the arrays that ncd export --to npz writes."""
    x, key = data[f"{split}/{name}"], f"{split}/{name}/windows"
    sizes = FIELDS[name][1][1:]
    if key in data:  # examples are parts of one long axis
        first, stride, _ = data[key]
        x = x[first + which[:, None] * stride + numpy.arange(math.prod(sizes))]
    else:
        x = x[which]
    x = x.reshape((len(which),) + sizes)
    if f"{split}/{name}/unit" in data:
        return x.astype("float32") / data[f"{split}/{name}/unit"].astype("float32")
    return x.astype("int32")


def batches(data, seed=SEED):
    """The batches of the training examples, without end, as ncd train deals them."""
    count = int(data["train/count"][0])
    epoch = 0
    while True:
        order = shuffled(count, seed, epoch)
        for number in range(max(1, count // BATCH)):
            which = order[(number * BATCH + numpy.arange(BATCH)) % count]
            yield {name: examples(data, "train", name, which) for name in FIELDS}
        epoch += 1


def first_weights(seed=SEED, given=None):
    """The weights before any training, as ncd train draws them, but for those that are given."""
    made = {}
    for path, (_, sizes, kind, scale, name) in WEIGHTS.items():
        if given is not None and path in given:
            made[path] = given[path]
        elif kind not in ("constant", "normal", "uniform"):
            raise ValueError(f"{path} begins in a form ({kind}) that ncd alone makes: hand in weights that it wrote")
        elif kind == "constant":
            made[path] = numpy.full(sizes, scale, "float32")
        else:
            kind = "symmetric" if kind == "uniform" else kind
            made[path] = numpy.asarray(drawn(kind, scale, sizes, seed, name, 0))
    return made


def first_states():
    return {path: numpy.full(sizes, start, "float32") for path, (_, sizes, start) in STATES.items()}


def save(file, w, s):
    """Writes weights, and states that are kept, for ncd eval. Fixed arrays of the learning rule are no weights."""
    from safetensors.numpy import save_file

    arrays = {path: x for path, x in w.items() if not path.startswith("rule.")}
    save_file(arrays | {path: s[path] for path in KEPT}, file)


def train(data, steps=STEPS, weights=None, seed=SEED, report=print):
    """Takes steps of training, tells the reports of each, and returns weights and states."""
    w, s = first_weights(seed, weights), first_states()
    if weights is not None:
        for path, x in weights.items():
            (w if path in w else s)[path] = x
    w, s = placed(w, WEIGHTS), placed(s, STATES)
    run, dealt = compiled(), batches(data, seed)
    for number in range(steps):
        batch = placed(next(dealt), FIELDS)
        w, s, reports = run(w, s, batch, jnp.uint32(number))
        report(json.dumps({"step": number + 1} | {name: float(x) for name, x in reports.items()}))
    return gathered(w), gathered(s)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--data", required=True, help="npz file that ncd export --to npz wrote")
    words.add_argument("--weights", help="safetensors file to begin with; default: drawn as ncd train draws them")
    words.add_argument("--steps", type=int, default=STEPS)
    words.add_argument("-o", "--output", help="safetensors file for the weights in the end")
    words.add_argument("--coordinator", help="address of the first process, host:port, where there are several")
    words.add_argument("--processes", type=int, help="how many processes there are")
    words.add_argument("--process", type=int, help="which of them this one is, from 0")
    options = words.parse_args()
    is_first = begin(options)
    weights = None
    if options.weights:
        from safetensors.numpy import load_file

        weights = load_file(options.weights)
    tell = (lambda line: print(line, flush=True)) if is_first else (lambda line: None)
    w, s = train(dict(numpy.load(options.data)), options.steps, weights, report=tell)
    if options.output and is_first:
        save(options.output, w, s)


if __name__ == "__main__":
    main()

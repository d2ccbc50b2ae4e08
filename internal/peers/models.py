"""The specimens written again in PyTorch, on our weights by their paths."""
import torch
import torch.nn.functional as F


class Weights:
    """Weights by path, seen from inside of a box: w("q.weight") in w.within("multihead.0.")."""

    def __init__(self, all, prefix=""):
        self.all, self.prefix = all, prefix

    def __call__(self, path):
        return self.all[self.prefix + path]

    def has(self, path):
        return self.prefix + path in self.all

    def within(self, box):
        return Weights(self.all, self.prefix + box)


def channels_first(x):
    return x.movedim(-1, 1)


def channels_last(x):
    return x.movedim(1, -1)


def kernel(w):
    """Ours is [places under the window, channels in, channels out], theirs [out, in, places]."""
    return w.movedim(-1, 0).movedim(-1, 1)


def affine(x, w):
    """A learned map of all axes but those of the examples, `w` being inside of it."""
    weight = w("weight").flatten(0, -2)
    return x @ weight + w("bias")


def layer_norm(x, w):
    return F.layer_norm(x, x.shape[-1:], w("gain.0.weight"), w("bias.0.bias"))


def attend(q, k, v, causal=False, shared=False):
    return F.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=causal, enable_gqa=shared)[0]


def heads(target, source, w, causal=False):
    q = torch.einsum("ym,mhk->hyk", target, w("q.weight"))
    k = torch.einsum("xm,mhk->hxk", source, w("K.weight"))
    v = torch.einsum("xm,mhk->hxk", source, w("V.weight"))
    return torch.einsum("hyk,hkm->ym", attend(q, k, v, causal), w("linear.0.weight"))


def feed_forward(x, w, act=F.relu):
    return affine(act(affine(x, w.within("affine.0."))), w.within("affine.1."))


def positions(x):
    places, m = x.shape[-2:]
    rate = 10000 ** (-torch.arange(0, m, 2, dtype=x.dtype) / m)
    angle = torch.arange(places, dtype=x.dtype)[:, None] * rate
    return x + torch.stack([angle.sin(), angle.cos()], -1).flatten(-2)


def perceptron(i, w):
    return feed_forward(i["image"].flatten(1), w)


def encoder(x, w):
    x = layer_norm(x + heads(x, x, w.within("self_attention.0.multi_head.0.")), w.within("a."))
    return layer_norm(x + feed_forward(x, w.within("feed_forward.0.")), w.within("layernorm.0."))


def decoder(x, memory, w):
    x = layer_norm(x + heads(x, x, w.within("causal.0."), causal=True), w.within("a."))
    x = layer_norm(x + heads(x, memory, w.within("multi_head.0.")), w.within("b."))
    return layer_norm(x + feed_forward(x, w.within("feed_forward.0.")), w.within("layernorm.0."))


def transformer(i, w, n=2):
    memory = positions(F.embedding(i["source"], w("linear.0.weight")))
    for k in range(1, n + 1):
        memory = encoder(memory, w.within(f"memory.1.{k}."))
    y = positions(F.embedding(i["target"], w("linear.1.weight")))
    for k in range(1, n + 1):
        y = decoder(y, memory, w.within(f"for.0.{k}.y."))
    return affine(y, w.within("affine.0."))


def vision_transformer(i, w, n=2, patch=4):
    image = i["image"].movedim(-1, 0)[None]
    tokens = F.conv2d(image, kernel(w("affine.0.weight")), w("affine.0.bias"), stride=patch)[0].flatten(1).T
    x = torch.cat([w("learned.0.weight")[None], tokens]) + w("learned.1.weight")
    for k in range(1, n + 1):
        inside = w.within(f"block.0.{k}.")
        y = layer_norm(x, inside.within("layernorm.0."))
        x = x + heads(y, y, inside.within("self_attention.0.multi_head.0."))
        x = x + feed_forward(layer_norm(x, inside.within("layernorm.1.")), inside, F.gelu)
    return affine(layer_norm(x, w.within("x."))[0], w.within("affine.1."))


def convolve(x, w, stride=1):
    weight = kernel(w("linear.0.weight"))
    return F.conv2d(x, weight, padding=weight.shape[-1] // 2, stride=stride)


def norm_act(x, w):
    w = w.within("batchnorm.0.")
    return F.relu(F.batch_norm(x, None, None, w("gain.0.weight"), w("bias.0.bias"), training=True))


def bottleneck(x, w, stride=1):
    x = convolve(x, w.within("conv.0."), stride)
    x = convolve(norm_act(x, w.within("norm_act.0.")), w.within("conv.1."))
    return convolve(norm_act(x, w.within("norm_act.1.")), w.within("conv.2."))


def stage(x, w, n, stride):
    a = norm_act(x, w.within("a."))
    y = bottleneck(a, w.within("residual.0."), stride) + convolve(a, w.within("conv.0."), stride)
    for k in range(2, n + 1):
        turn = w.within(f"for.0.{k}.")
        y = y + bottleneck(norm_act(y, turn.within("norm_act.0.")), turn.within("residual.0."))
    return y


def resnet(i, w, n=2):
    x = convolve(channels_first(i["image"]), w.within("conv.0."))
    for k, stride in enumerate([1, 2, 2]):
        x = stage(x, w.within(f"stage.{k}."), n, stride)
    return affine(norm_act(x, w.within("norm_act.0.")).mean((2, 3)), w.within("affine.0."))


def double(x, w):
    return F.relu(convolve(F.relu(convolve(x, w.within("conv.0."))), w.within("conv.1.")))


def unet(i, w):
    x, kept = i["image"].movedim(-1, 0)[None], []
    for name in ["x.", "x.2."]:
        kept.append(double(x, w.within(name)))
        x = F.max_pool2d(kept[-1], 2)
    x = double(x, w.within("x.4."))
    for up, name in [("x.5.", "x.6."), ("x.7.", "x.8.")]:
        x = F.conv_transpose2d(x, w(up + "pieces.weight").movedim(-1, 1), stride=2)
        x = double(torch.cat([kept.pop(), x], 1), w.within(name))
    return convolve(x, w.within("conv.0."))[0].movedim(0, -1)


def lstm(x, into, past, bias):
    """torch.nn.LSTM with gates [.., gate, n] in its own order: write, keep, new, show."""
    module = torch.nn.LSTM(into.shape[0], past.shape[0], batch_first=True, dtype=x.dtype)
    parameters = {
        "weight_ih_l0": into.flatten(1).T,
        "weight_hh_l0": past.flatten(1).T,
        "bias_ih_l0": bias.flatten(),
        "bias_hh_l0": torch.zeros_like(bias).flatten(),
    }
    return torch.func.functional_call(module, parameters, (x,))[0]


def reader(i, w):
    inside, order = w.within("lstm.0."), [1, 0, 3, 2]  # the specimen's gates are keep, write, show, new
    into, bias = inside("affine.0.weight").mT[:, order], inside("affine.0.bias").T[order]
    y = lstm(i["x"], into, inside("linear.0.weight")[:, order], bias)
    return affine(y[:, -1], w.within("affine.0."))


class Spike(torch.autograd.Function):
    @staticmethod
    def forward(context, u):
        context.save_for_backward(u)
        return (u > 0).to(u.dtype)

    @staticmethod
    def backward(context, g):
        (u,) = context.saved_tensors
        return g / (1 + 9.8696 * u * u)


def fire(x, gradient, tau=2.0, threshold=1.0):
    v, spikes = torch.zeros_like(x[0]), []
    for now in x:
        v = v.detach() if gradient == "local" else v
        u = v + (now - v) / tau
        s = Spike.apply(u - threshold)
        v = u * (1 - s)
        spikes.append(s)
    return torch.stack(spikes)


def spiking(gradient, time=5):
    def run(i, w):
        x = affine(i["image"].flatten(), w.within("affine.0.")).expand(time, -1)
        x = fire(x, gradient)
        x = fire(affine(x, w.within("affine.1.")), gradient)
        return affine(x, w.within("affine.2.")).mean(0)

    return run


SPECIMENS = {
    "Perceptron": perceptron,
    "MultiHeadOfSpecimen": lambda i, w: heads(i["target"], i["source"], w),
    "TransformerOfTwo": transformer,
    "ResNetOfTwo": resnet,
    "UNetOfTwo": unet,
    "VisionTransformer": vision_transformer,
    "ReaderOfVowels": reader,
    "SpikingThroughTime": spiking("full"),
    "SpikingLocal": spiking("local"),
}

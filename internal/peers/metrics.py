"""The library's metrics once more, from their definitions."""
import torch
import torch.nn.functional as F


def correct(i):
    return (i["scores"].argmax(-1) == i["label"]).double()


def top_accuracy(i, k=3):
    return (i["scores"].topk(k).indices == i["label"][:, None]).any(-1).double()


def confusion(i):
    counts = torch.zeros(7, 7, dtype=torch.float64)
    for right, given in zip(i["label"], i["scores"].argmax(-1)):
        counts[right, given] += 1
    return counts


def f1(i):
    counts, scores = confusion(i), []
    for c in range(7):
        found, given, right = counts[c, c], counts[:, c].sum(), counts[c].sum()
        precision, recall = found / given.clamp(min=1), found / right.clamp(min=1)
        scores.append(2 * precision * recall / (precision + recall) if found > 0 else torch.tensor(0.0))
    return torch.stack([s.double() for s in scores]).mean()


def auroc(i):
    """The area under the curve itself, by trapezoids."""
    yes = (i["target"] > 0)[i["x"].argsort(descending=True)].double()
    true, false = yes.cumsum(0) / yes.sum(), (1 - yes).cumsum(0) / (1 - yes).sum()
    zero = torch.zeros(1, dtype=torch.float64)
    return torch.trapezoid(torch.cat([zero, true]), torch.cat([zero, false]))


def perplexity(i):
    return F.cross_entropy(i["scores"], i["label"]).exp()


def psnr(i):
    return 10 * torch.log10(1 / F.mse_loss(i["x"], i["target"]))


def dice(i):
    x, y = i["x"] > 0, i["target"] > 0
    return 2 * (x & y).sum().double() / (x.sum() + y.sum())


def explained(i):
    target = i["target"]
    return 1 - ((i["x"] - target) ** 2).mean() / target.var(correction=0)


def alignment(i):
    x, y = i["x"] - i["x"].mean(0), i["target"] - i["target"].mean(0)
    return (y.T @ x).norm() ** 2 / ((x.T @ x).norm() * (y.T @ y).norm())


METRICS = {
    "Accuracy": correct,
    "TopAccuracy": top_accuracy,
    "Confusion": confusion,
    "F1": f1,
    "Auroc": auroc,
    "Perplexity": perplexity,
    "Psnr": psnr,
    "DiceOverlap": dice,
    "Explained": explained,
    "Alignment": alignment,
}

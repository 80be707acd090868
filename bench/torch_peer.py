# The PyTorch side of the bench: value and gradient on one thread, eager and torch.compile. Prints JSON, ms by case.
import json, sys, time
import torch
import torch.nn.functional as F

torch.set_num_threads(1)
N = 4 * 2**20
g = torch.Generator().manual_seed(1)
rand = lambda *s: torch.rand(*s, generator=g) * 2 - 1
y01 = lambda n: (rand(n) > 0).float()


def focal(x, y):
    z = torch.where(y > 0.5, x, -x)
    return (torch.where(y > 0.5, 0.25, 0.75) * torch.sigmoid(-z) ** 2 * F.softplus(-z)).mean()


def power_bce(x, y, n=2.0):
    ls = F.logsigmoid(x)
    return -(y * n * ls + (1 - y) * torch.log1p(-torch.exp(n * ls))).mean()


def tukey(x, y, c=4.685):
    r = ((x - y) / c).abs().clamp(max=1)
    return (c * c / 6 * (1 - (1 - r * r) ** 3)).mean()


def giou(a, b):
    lt, rb = torch.max(a[:, :2], b[:, :2]), torch.min(a[:, 2:], b[:, 2:])
    wh = (rb - lt).clamp(min=0)
    inter = wh[:, 0] * wh[:, 1]
    area = lambda x: (x[:, 2] - x[:, 0]) * (x[:, 3] - x[:, 1])
    union = area(a) + area(b) - inter
    e = torch.max(a[:, 2:], b[:, 2:]) - torch.min(a[:, :2], b[:, :2])
    hull = e[:, 0] * e[:, 1]
    return (1 - inter / union + (hull - union) / hull).mean()


def focal_rows(x, t):
    lp = F.log_softmax(x, 1).gather(1, t[:, None])[:, 0]
    return (-((1 - lp.exp()) ** 2) * lp).mean()


def triplet(x, t):
    x = F.normalize(x)
    d = torch.cdist(x, x) ** 2
    same = t[:, None] == t[None]
    eye = torch.eye(len(t), dtype=torch.bool)
    far = d.masked_fill(~(same & ~eye), -1e30).max(1).values
    near = d.masked_fill(same, 1e30).min(1).values
    return (far - near + 0.2).relu().mean()


def arcface(x, w, t, s=64.0, m=0.5):
    c = F.normalize(x) @ F.normalize(w).T
    own = c.gather(1, t[:, None])
    sine = (1 - own * own).clamp(min=1e-14).sqrt()
    phi = torch.where(own > -0.8775826, own * 0.8775826 - sine * 0.4794255, own - 0.2397128)
    return F.cross_entropy(c.scatter(1, t[:, None], phi) * s, t)


def box():
    b = rand(262144, 4) * 5
    b[:, 2:] += 14
    return b


labels = lambda n, c: torch.randint(0, c, (n,), generator=g)
cases = {
    "mse": (F.mse_loss, [rand(N) * 3], [rand(N) * 3]),
    "huber": (F.huber_loss, [rand(N) * 3], [rand(N) * 3]),
    "tukeyBiweight": (tukey, [rand(N) * 3], [rand(N) * 3]),
    "bceWithLogits": (F.binary_cross_entropy_with_logits, [rand(N) * 8], [y01(N)]),
    "binaryFocal": (focal, [rand(N) * 8], [y01(N)]),
    "powerBce": (power_bce, [rand(N) * 8], [y01(N)]),
    "crossEntropy 4096x1000": (F.cross_entropy, [rand(4096, 1000) * 4], [labels(4096, 1000)]),
    "crossEntropy 128x10": (F.cross_entropy, [rand(128, 10) * 4], [labels(128, 10)]),
    "focal 4096x1000": (focal_rows, [rand(4096, 1000) * 4], [labels(4096, 1000)]),
    "multiclassHinge 4096x1000": (F.multi_margin_loss, [rand(4096, 1000) * 4], [labels(4096, 1000)]),
    "giou 262144": (giou, [box()], [box()]),
    "tripletBatchHard 1024x128": (triplet, [rand(1024, 128)], [labels(1024, 32)]),
    "arcFace 256x256x10000": (arcface, [rand(256, 256), rand(10000, 256)], [labels(256, 10000)]),
    "huber 1024": (F.huber_loss, [rand(1024) * 3], [rand(1024) * 3]),
    "bceWithLogits 1024": (F.binary_cross_entropy_with_logits, [rand(1024) * 8], [y01(1024)]),
}


def measure(f, model, data):
    model = [x.clone().requires_grad_() for x in model]
    times, begin = [], time.perf_counter()
    while len(times) < 7 or (time.perf_counter() - begin < 0.7 and len(times) < 400):
        for x in model:
            x.grad = None
        t = time.perf_counter()
        f(*model, *data).backward()
        times.append(time.perf_counter() - t)
    times = sorted(times[2:])
    return times[len(times) // 2] * 1e3


result = {"version": torch.__version__}
for name in sys.argv[1:] or cases:
    f, model, data = cases[name]
    row = {"eager": measure(f, model, data)}
    try:
        row["compiled"] = measure(torch.compile(f), model, data)
    except Exception as error:
        row["note"] = type(error).__name__
    result[name] = row
print(json.dumps(result))

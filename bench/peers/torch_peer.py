# The PyTorch side of the bench: value and gradient on one thread, eager and torch.compile. A line in, JSON with a case, where
# its inputs lie and how it is to be run; a line out, JSON as peers/serve.mjs writes it.
import json, os, re, sys, time
import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(1)


def focal(x, y):
    z = torch.where(y > 0.5, x, -x)
    return (torch.where(y > 0.5, 0.25, 0.75) * torch.sigmoid(-z) ** 2 * F.softplus(-z)).mean()


def power_bce(x, y):
    log_p = F.logsigmoid(x)
    return -(y * 2 * log_p + (1 - y) * torch.log1p(-torch.exp(2 * log_p))).mean()


def tukey(x, y, c=4.6851):
    r = ((x - y) / c).square().clamp(max=1)
    return (c * c / 6 * (1 - (1 - r) ** 3)).mean()


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


def hinge(x, t):
    # multi_margin_loss divides by the number of classes
    return F.multi_margin_loss(x, t) * x.shape[1]


def kl(x, p):
    return F.kl_div(F.log_softmax(x, 1), p, reduction="batchmean")


def triplet(x, t):
    x = F.normalize(x)
    d = 2 - 2 * x @ x.T
    same = t[:, None] == t[None]
    eye = torch.eye(len(t), dtype=torch.bool)
    far = d.masked_fill(~(same & ~eye), -1e30).max(1).values
    near = d.masked_fill(same, 1e30).min(1).values
    return (far - near + 0.2).relu().mean()


def sup_con(x, t):
    x = F.normalize(x)
    eye = torch.eye(len(t), dtype=torch.bool)
    positive = (t[:, None] == t[None]) & ~eye
    lp = F.log_softmax((x @ x.T / 0.1).masked_fill(eye, -1e30), 1)
    return -((lp * positive).sum(1) / positive.sum(1)).mean()


def arcface(x, w, t, s=64.0, m=0.5):
    c = F.normalize(x) @ F.normalize(w).T
    own = c.gather(1, t[:, None])
    sine = (1 - own * own).clamp(min=1e-14).sqrt()
    phi = torch.where(own > -0.8775826, own * 0.8775826 - sine * 0.4794255, own - 0.2397128)
    return F.cross_entropy(c.scatter(1, t[:, None], phi) * s, t)


losses = {
    "mse": F.mse_loss,
    "huber": F.huber_loss,
    "tukeyBiweight": tukey,
    "bceWithLogits": F.binary_cross_entropy_with_logits,
    "binaryFocal": focal,
    "powerBce": power_bce,
    "crossEntropy": F.cross_entropy,
    "focal": focal_rows,
    "multiclassHinge": hinge,
    "klDivergence": kl,
    "giou": giou,
    "tripletBatchHard": triplet,
    "supCon": sup_con,
    "arcFace": arcface,
}


def status(name):
    try:
        return int(re.search(name + r":\s+(\d+)", open("/proc/self/status").read()).group(1))
    except (OSError, AttributeError):
        return None


def memory():
    try:
        open("/proc/self/clear_refs", "w").write("5")  # forget the peak so far
    except OSError:
        return lambda: None
    before = status("VmRSS")
    return lambda: before and max(0, (status("VmHWM") - before) / 1024)


def measure(run, budget=0.5):
    once = 1e9
    for _ in range(3):
        start = time.perf_counter()
        run()
        once = min(once, time.perf_counter() - start)
    batch = max(1, min(1000, round(1e-4 / max(once, 1e-7))))
    times, begin = [], time.perf_counter()
    while len(times) < 7 or (time.perf_counter() - begin < budget and len(times) < 5000):
        start = time.perf_counter()
        for _ in range(batch):
            run()
        times.append((time.perf_counter() - start) / batch)
    return sorted(times)[len(times) // 2] * 1e3


def answer(request):
    given = []
    for one in request["inputs"]:
        kind = np.float32 if one["type"] == "Float32Array" else np.int32
        data = torch.from_numpy(np.fromfile(one["file"], kind).reshape(one["shape"]).copy())
        given.append(data.long() if kind is np.int32 else data)
    f = losses[request["loss"]]
    peak = memory()
    if request["compiled"]:
        torch._dynamo.reset()
        f = torch.compile(f)
    model = [given[i].clone().requires_grad_() for i in range(2 if request["loss"] == "arcFace" else 1)]
    rest = given[len(model):]

    def run():
        for x in model:
            x.grad = None
        value = f(*model, *rest)
        value.backward()
        return value

    value = run().item()
    model[0].grad.numpy().tofile(request["gradient"])
    return {"ms": measure(run), "value": value, "MiB": peak()}


for line in sys.stdin:
    request = json.loads(line)
    try:
        reply = {"version": torch.__version__} if request.get("hello") else answer(request)
    except Exception as error:
        reply = {"error": (str(error).strip() or type(error).__name__).split("\n")[0][:120]}
    print(json.dumps(reply), flush=True)

// jax-js, jit(valueAndGrad(…)) on its WebAssembly backend. Every use of an array but the last takes a `.ref`.

globalThis.navigator ??= { hardwareConcurrency: 1 }; // which it asks for and Node 20 has not

const {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  nn,
  numpy: np,
  valueAndGrad,
} = await import("@jax-js/jax");
const { serve } = await import("./serve.ts");

await init("wasm");
defaultDevice("wasm");

const array = ({ data, shape }) => np.array(data).reshape([...shape]);
const oneHot = ({ data }, classes) => {
  const truth = new Float32Array(data.length * classes);
  data.forEach((label, i) => {
    truth[i * classes + label] = 1;
  });
  return np.array(truth).reshape([data.length, classes]);
};
const flags = (n, m, is, value = 1) =>
  np
    .array(Float32Array.from({ length: n * m }, (_, i) => (is(Math.floor(i / m), i % m) ? value : 0)))
    .reshape([n, m]);
const square = (x) => x.ref.mul(x);
const relu = (x) => np.maximum(x, 0);
const softplus = (x) => relu(x.ref).add(np.log1p(np.exp(np.abs(x).mul(-1))));
const logSoftmax = (x) => nn.logSoftmax(x, -1);
const unit = (x) => x.ref.div(np.sqrt(square(x).sum(1, { keepdims: true })));
const minus = (a, x) => x.mul(-1).add(a);
const column = (x, i) => x.slice([], i);

/** By loss: what is prepared from the inputs, and the loss of the first input and of that. */
const losses = {
  mse: ({ target }) => [[array(target)], (x, y) => np.mean(square(x.sub(y)))],
  huber: ({ target }) => [
    [array(target)],
    (x, y) => {
      const size = np.abs(x.sub(y));
      const inner = np.minimum(size.ref, 1);
      return np.mean(square(inner.ref).mul(0.5).add(size.sub(inner)));
    },
  ],
  tukeyBiweight: ({ target }) => [
    [array(target)],
    (x, y) => {
      const c = 4.6851;
      const outside = minus(1, np.minimum(square(x.sub(y).mul(1 / c)), 1));
      return np.mean(minus(1, outside.ref.mul(square(outside)))).mul((c * c) / 6);
    },
  ],
  bceWithLogits: ({ target }) => [[array(target)], (x, y) => np.mean(softplus(x.ref).sub(x.mul(y)))],
  binaryFocal: ({ target: { data, shape } }) => [
    [
      array({ data: data.map((y) => 2 * y - 1), shape }),
      array({ data: data.map((y) => 0.75 - 0.5 * y), shape }),
    ],
    (x, sign, alpha) => {
      const z = x.mul(sign).mul(-1);
      return np.mean(alpha.mul(square(nn.sigmoid(z.ref))).mul(softplus(z)));
    },
  ],
  powerBce: ({ target }) => [
    [array(target)],
    (x, y) => {
      const surprise = softplus(x.mul(-1));
      const negative = np.log1p(np.exp(surprise.ref.mul(-2)).mul(-1)).mul(-1);
      return np.mean(y.ref.mul(surprise).mul(2).add(minus(1, y).mul(negative)));
    },
  ],
  crossEntropy: ({ logits, target }) => [
    [oneHot(target, logits.shape[1])],
    (x, truth) => np.mean(truth.mul(logSoftmax(x)).sum(1)).mul(-1),
  ],
  focal: ({ logits, target }) => [
    [oneHot(target, logits.shape[1])],
    (x, truth) => {
      const logP = truth.mul(logSoftmax(x)).sum(1);
      return np.mean(square(minus(1, np.exp(logP.ref))).mul(logP)).mul(-1);
    },
  ],
  multiclassHinge: ({ logits, target }) => [
    [oneHot(target, logits.shape[1])],
    (x, truth) => {
      const own = truth.ref.mul(x.ref).sum(1, { keepdims: true });
      return np.mean(relu(x.sub(own).add(1)).mul(minus(1, truth)).sum(1));
    },
  ],
  klDivergence: ({ target }) => [
    [array(target)],
    (x, y) => np.mean(y.ref.mul(np.log(y).sub(logSoftmax(x))).sum(1)),
  ],
  giou: ({ target }) => [
    [array(target)],
    (x, y) => {
      const [x1, y1, x2] = [0, 1, 2].map((i) => column(x.ref, i));
      const y2 = column(x, 3);
      const [u1, v1, u2] = [0, 1, 2].map((i) => column(y.ref, i));
      const v2 = column(y, 3);
      const width = relu(np.minimum(x2.ref, u2.ref).sub(np.maximum(x1.ref, u1.ref)));
      const height = relu(np.minimum(y2.ref, v2.ref).sub(np.maximum(y1.ref, v1.ref)));
      const both = width.mul(height);
      const hull = np
        .maximum(x2.ref, u2.ref)
        .sub(np.minimum(x1.ref, u1.ref))
        .mul(np.maximum(y2.ref, v2.ref).sub(np.minimum(y1.ref, v1.ref)));
      const union = x2
        .sub(x1)
        .mul(y2.sub(y1))
        .add(u2.sub(u1).mul(v2.sub(v1)))
        .sub(both.ref);
      return np.mean(minus(1, both.div(union.ref)).add(minus(1, union.div(hull))));
    },
  ],
  tripletBatchHard: ({ labels: { data } }) => {
    const n = data.length;
    return [
      [
        flags(n, n, (i, j) => data[i] !== data[j] || i === j, 1e9),
        flags(n, n, (i, j) => data[i] === data[j], 1e9),
      ],
      (x, notPositive, notNegative) => {
        const u = unit(x);
        const between = minus(2, np.matmul(u.ref, u.transpose()).mul(2));
        const farthest = np.max(between.ref.sub(notPositive), 1);
        const nearest = np.min(between.add(notNegative), 1);
        return np.mean(relu(farthest.sub(nearest).add(0.2)));
      },
    ];
  },
  supCon: ({ labels: { data } }) => {
    const n = data.length;
    const counts = data.map((label) => data.filter((other) => other === label).length - 1);
    const positive = Float32Array.from({ length: n * n }, (_, i) => {
      const [row, column] = [Math.floor(i / n), i % n];
      return row !== column && data[row] === data[column] ? 1 / counts[row] : 0;
    });
    return [
      [np.array(positive).reshape([n, n]), flags(n, n, (i, j) => i === j, 1e9)],
      (x, share, self) => {
        const u = unit(x);
        const logits = np.matmul(u.ref, u.transpose()).mul(10).sub(self);
        return np.mean(share.mul(logSoftmax(logits)).sum(1)).mul(-1);
      },
    ];
  },
};

serve((loss, inputs) => {
  const make = losses[loss];
  if (!make) throw new Error("not written in this library");
  const [first] = Object.values(inputs);
  const x = array(first);
  const [prepared, formula] = make(inputs);
  const f = jit(valueAndGrad(formula));
  const compute = () => f(x.ref, ...prepared.map((one) => one.ref));
  const read = async () => {
    const [value, gradient] = compute();
    return { value: value.js(), gradient: await gradient.data() };
  };
  const run = async () => {
    const [value, gradient] = compute();
    await blockUntilReady([value.ref, gradient.ref]);
    value.dispose();
    gradient.dispose();
  };
  const dispose = () => {
    for (const one of [x, ...prepared]) one.dispose();
  };
  return { read, run, dispose };
});

// TensorFlow.js on its WebAssembly backend, one thread, SIMD: losses of its own where it has them, else of its operations.

import { createRequire } from "node:module";
import { dirname } from "node:path";
import { serve } from "./serve.ts";

// Both for require: as modules they would be two copies of the library, and the gradients would belong to one of them.
const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs");
const { setThreadsCount, setWasmPaths } = require("@tensorflow/tfjs-backend-wasm");

setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);
setThreadsCount(1);
await tf.setBackend("wasm");
await tf.ready();

const one = tf.scalar(1);
const unit = (x) => x.div(x.square().sum(1, true).sqrt());
/** log(1 + e to the −|x|): there is no log1p on this backend. */
const logOfDecay = (x) => x.abs().neg().exp().add(1).log();
const softplus = (x) => x.relu().add(logOfDecay(x));
const logSoftmax = (x) => tf.logSoftmax(x);
const oneHot = ({ data }, classes) => tf.oneHot(tf.tensor1d(data, "int32"), classes).toFloat();
const columns = (boxes) => tf.split(boxes, 4, 1);
const flags = (n, m, is) =>
  tf.tensor2d(
    Float32Array.from({ length: n * m }, (_, i) => +is(Math.floor(i / m), i % m)),
    [n, m],
  );

/** By loss: from the inputs, what is prepared once and is no work of the loss, and the loss of the first input. */
const losses = {
  mse: ({ target }) =>
    (
      (y) => (x) =>
        tf.losses.meanSquaredError(y, x)
    )(tensor(target)),
  huber: ({ target }) =>
    (
      (y) => (x) =>
        tf.losses.huberLoss(y, x)
    )(tensor(target)),
  tukeyBiweight: ({ target }) => {
    const y = tensor(target);
    const c = 4.6851;
    return (x) => {
      const outside = one.sub(x.sub(y).div(c).square().minimum(1));
      return one
        .sub(outside.pow(tf.scalar(3, "int32")))
        .mul((c * c) / 6)
        .mean();
    };
  },
  bceWithLogits: ({ target }) => {
    const y = tensor(target);
    return (x) => x.relu().sub(x.mul(y)).add(logOfDecay(x)).mean();
  },
  binaryFocal: ({ target }) => {
    const sign = tensor(target).mul(2).sub(1);
    const alpha = tensor(target).mul(-0.5).add(0.75);
    return (x) => {
      const z = x.mul(sign);
      return alpha.mul(z.neg().sigmoid().square()).mul(softplus(z.neg())).mean();
    };
  },
  powerBce: ({ target }) => {
    const y = tensor(target);
    return (x) => {
      const surprise = softplus(x.neg());
      const negative = one.sub(surprise.mul(-2).exp()).log().neg();
      return y.mul(surprise).mul(2).add(one.sub(y).mul(negative)).mean();
    };
  },
  crossEntropy: ({ logits, target }) => {
    const truth = oneHot(target, logits.shape[1]);
    return (x) => truth.mul(logSoftmax(x)).sum(1).mean().neg();
  },
  focal: ({ logits, target }) => {
    const truth = oneHot(target, logits.shape[1]);
    return (x) => {
      const logP = truth.mul(logSoftmax(x)).sum(1);
      return one.sub(logP.exp()).square().mul(logP).mean().neg();
    };
  },
  multiclassHinge: ({ logits, target }) => {
    const truth = oneHot(target, logits.shape[1]);
    return (x) => {
      const own = truth.mul(x).sum(1, true);
      return x.sub(own).add(1).relu().mul(one.sub(truth)).sum(1).mean();
    };
  },
  klDivergence: ({ target }) => {
    const y = tensor(target);
    const logY = y.log();
    return (x) =>
      y
        .mul(logY.sub(logSoftmax(x)))
        .sum(1)
        .mean();
  },
  giou: ({ target }) => {
    const [u1, v1, u2, v2] = columns(tensor(target));
    const other = u2.sub(u1).mul(v2.sub(v1));
    return (x) => {
      const [x1, y1, x2, y2] = columns(x);
      const width = x2.minimum(u2).sub(x1.maximum(u1)).relu();
      const height = y2.minimum(v2).sub(y1.maximum(v1)).relu();
      const both = width.mul(height);
      const union = x2.sub(x1).mul(y2.sub(y1)).add(other).sub(both);
      const hull = x2
        .maximum(u2)
        .sub(x1.minimum(u1))
        .mul(y2.maximum(v2).sub(y1.minimum(v1)));
      return one.sub(both.div(union)).add(hull.sub(union).div(hull)).mean();
    };
  },
  tripletBatchHard: ({ labels: { data } }) => {
    const n = data.length;
    const notPositive = flags(n, n, (i, j) => data[i] !== data[j] || i === j).mul(1e9);
    const notNegative = flags(n, n, (i, j) => data[i] === data[j]).mul(1e9);
    return (x) => {
      const u = unit(x);
      const between = one.mul(2).sub(tf.matMul(u, u, false, true).mul(2));
      const farthest = between.sub(notPositive).max(1);
      const nearest = between.add(notNegative).min(1);
      return farthest.sub(nearest).add(0.2).relu().mean();
    };
  },
  supCon: ({ labels: { data } }) => {
    const n = data.length;
    const self = flags(n, n, (i, j) => i === j).mul(1e9);
    const positive = flags(n, n, (i, j) => i !== j && data[i] === data[j]);
    const count = positive.sum(1);
    return (x) => {
      const u = unit(x);
      const logits = tf.matMul(u, u, false, true).div(0.1).sub(self);
      return positive.mul(logSoftmax(logits)).sum(1).div(count).mean().neg();
    };
  },
};

const tensor = ({ data, shape }) => tf.tensor(data, shape, "float32");

serve((loss, inputs) => {
  const make = losses[loss];
  if (!make) throw new Error("not written in this library");
  const [first] = Object.values(inputs);
  const x = tensor(first);
  const f = tf.valueAndGrad(make(inputs));
  const read = () => {
    const { value, grad } = f(x);
    const result = { value: value.dataSync()[0], gradient: grad.dataSync() };
    value.dispose();
    grad.dispose();
    return result;
  };
  const run = () => {
    const { value, grad } = f(x);
    value.dispose();
    grad.dispose();
  };
  return { read, run, dispose: () => x.dispose() };
});

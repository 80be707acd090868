// Everything that `import … from "lossc"` gives.

export type {
  CardOptions,
  Curve,
  CurveOptions,
  Interval,
  Kink,
  PropertyCard,
  View,
} from "./analysis/types.ts";
export { catalogue } from "./catalogue.ts";
export { type Choice, choose, type Problem, problems } from "./choose.ts";
export { combine } from "./combine.ts";
export {
  type Accumulator,
  type AccumulatorState,
  accumulate,
  type BatchOptions,
} from "./contract/accumulate.ts";
export { type CompileSettings, compile, type KernelResult, type LossKernel } from "./contract/compile.ts";
export { defineLoss } from "./contract/define.ts";
export { families } from "./contract/families.ts";
export { type BoostingStep, type ObjectiveOptions, objective } from "./contract/objective.ts";
export type { Accumulated } from "./contract/sample-sums.ts";
export { tensor } from "./contract/tensors.ts";
export type {
  AnyLoss,
  CommonOptions,
  Definition,
  Formula,
  Inputs,
  Loss,
  LossInfo,
  Options,
  Tensor,
  TensorInput,
  ValueAndGrad,
} from "./contract/types.ts";
export { curve, viewsOf } from "./curve.ts";
export {
  type Diagnosis,
  diagnose,
  type Finding,
  type GradientShares,
  type Severity,
} from "./diagnose/index.ts";
export { type ErrorCode, LossError, nearest } from "./errors.ts";
export { type Activation, activations, type RowActivation } from "./helpers/activations.ts";
export { alphaLowerBound } from "./helpers/alphaLowerBound.ts";
export { annealedLambda } from "./helpers/annealedLambda.ts";
export { centerUpdate } from "./helpers/centerUpdate.ts";
export { classWeights } from "./helpers/classWeights.ts";
export { weightScale } from "./helpers/weightScale.ts";
export * from "./losses/index.ts";
export { type Gap, type Phrase, phrase, wordsOf } from "./phrase.ts";

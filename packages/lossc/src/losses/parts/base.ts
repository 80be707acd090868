// The base of a logarithm, as a parameter.

export const logBase = {
  default: Math.E,
  above: 0,
  static: true,
  doc: "The logarithm's base: e for nats, 2 for bits, 10 for bans.",
} as const;

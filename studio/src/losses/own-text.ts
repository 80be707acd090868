// A loss of one's own in an address: what a model gives, then the text.

/** What it is called in lists and addresses. */
export const OWN = "own";

/** What the model gives that is judged: a number, a score, a logit, a row of logits. */
export const kindNames = ["regression", "margin", "binary", "classes"] as const;
export type KindName = (typeof kindNames)[number];

export const writeOwn = (kind: KindName, text: string): string => `${kind}:${text}`;

export function readOwn(own: string): { kind: KindName; text: string } | undefined {
  const at = own.indexOf(":");
  const kind = kindNames.find((name) => name === own.slice(0, at));
  return kind && { kind, text: own.slice(at + 1) };
}

// LaTeX as MathML, which browsers draw without a font or a script of ours.

import katex from "katex";

export const formulaHtml = (latex: string): string =>
  `<div class="scroll" role="region" tabindex="0" aria-label="formula">${katex.renderToString(latex, {
    output: "mathml",
    displayMode: true,
    throwOnError: false,
    strict: "ignore",
  })}</div>`;

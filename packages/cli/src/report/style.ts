// The style of a report: one column, readable on a telephone, light or dark as the reader's system says.

import { palettes } from "@lossc/plot";

const colours = (palette: Readonly<Record<string, string>>, tint: string): string =>
  `--ground:${palette.ground};--ink:${palette.ink};--muted:${palette.muted};--grid:${palette.grid};--accent:${palette.series0};--tint:${tint}`;

/** Pictures are drawn for two widths; below this one the narrow one is shown. */
const NARROW = 700;

export const style = `
:root{color-scheme:light dark;${colours(palettes.light, "#f6f8fa")}}
@media (prefers-color-scheme:dark){:root{${colours(palettes.dark, "#161b22")}}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
main{max-width:880px;margin:0 auto;padding:28px 16px 64px}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 8px;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:44px 0 12px;padding-top:12px;border-top:1px solid var(--grid)}
h3{font-size:1rem;margin:28px 0 8px;overflow-wrap:anywhere}
p,ul{margin:8px 0;max-width:72ch}
.muted,figcaption,caption{color:var(--muted);font-size:.9rem}
.columns{overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:12px 0}
.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:0 0 6px}
th,td{padding:5px 12px;text-align:left;border-bottom:1px solid var(--grid);white-space:nowrap;vertical-align:top}
th:first-child,td:first-child{padding-left:0}
thead th{color:var(--muted);font-weight:600}
tbody th{font-weight:500}
.number{text-align:right}
tr.total>*{font-weight:650;border-bottom:2px solid var(--grid)}
table.prose th,table.prose td{white-space:normal}
figure{margin:16px 0}
figure svg{display:block;max-width:100%;height:auto}
.narrow{display:none}
@media (max-width:${NARROW}px){.wide{display:none}.narrow{display:block}}
.failed{border-left:4px solid #d1242f;padding:6px 12px;background:var(--tint)}
.notes{background:var(--tint);padding:10px 14px;border-radius:6px;max-width:none}
.notes ul{margin:0;padding-left:1.1em}
math{font-size:1.1rem}
code{font:0.92em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
@media print{.scroll{overflow:visible}h2{break-after:avoid}figure,tr{break-inside:avoid}}
`.trim();

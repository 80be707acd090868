// A chart as a file: its picture with the styles it is drawn in, or the numbers of its table.

export type SaveFormat = "svg" | "png" | "csv";

/** What the style sheets say of a mark; a picture by itself has none of them. */
const properties = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-opacity",
  "stroke-linejoin",
  "opacity",
  "visibility",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
] as const;

/** Makes the file and gives it to the reader; it is made in the page and sent nowhere. */
export async function save(figure: HTMLElement, name: string, format: SaveFormat): Promise<void> {
  const svg = figure.querySelector("svg")!;
  const makers: Record<SaveFormat, () => Blob | Promise<Blob>> = {
    svg: () => new Blob([picture(svg)], { type: "image/svg+xml" }),
    png: () => pixels(picture(svg), svg.clientWidth, svg.clientHeight),
    csv: () => new Blob([numbers(figure.querySelector("table")!)], { type: "text/csv" }),
  };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await makers[format]());
  link.download = `${name.replace(/[^\p{L}\p{N}]+/gu, "-").toLowerCase()}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function picture(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const marks = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((mark, i) => {
    const style = getComputedStyle(marks[i]);
    for (const property of properties) mark.setAttribute(property, style.getPropertyValue(property));
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  paper.setAttribute("width", "100%");
  paper.setAttribute("height", "100%");
  paper.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.prepend(paper);
  return new XMLSerializer().serializeToString(copy);
}

/** Twice as fine as on the screen, for print. */
const FINENESS = 2;

async function pixels(svg: string, width: number, height: number): Promise<Blob> {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * FINENESS, height * FINENESS];
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large"))));
  });
}

/** Numbers in full where the table has them, and with the minus sign that programs read. */
function numbers(table: HTMLTableElement): string {
  const cellOf = (cell: HTMLTableCellElement) => {
    const text = cell.querySelector("data")?.value ?? cell.textContent.trim().replaceAll("−", "-");
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [...table.rows].map((row) => `${[...row.cells].map(cellOf).join(",")}\r\n`).join("");
}

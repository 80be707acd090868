// Running text for the terminal: lines broken at spaces, with an indent.

/** No line of prose is longer: the eye loses it. */
const MOST = 100;

export function paragraph(text: string, width: number, indent = ""): string {
  const room = Math.min(width, MOST) - indent.length;
  return text
    .split("\n")
    .flatMap((line) => breakWords(line, room))
    .map((line) => (line === "" ? "" : indent + line))
    .join("\n");
}

function breakWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

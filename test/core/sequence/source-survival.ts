import type { Line, Written } from "./source-writer";

/** The lines of a text, without its byte order mark. */
export function linesOf(text: string): string[] {
  return text.replace(/^\ufeff/, "").split(/\r?\n/);
}

/** Fails unless the lines stand in the text in this order, whatever stands between them. */
export function expectSurvival(kept: Line[], result: string): void {
  const lines = linesOf(result);
  let at = 0;
  for (const { text } of kept) {
    const found = lines.indexOf(text, at);
    if (found === -1) throw new Error(`lost or moved: ${JSON.stringify(text)}\n${result}`);
    at = found + 1;
  }
}

/** Says whether a line is about an entry or something within it. */
export function isAbout(line: Line, path: string): boolean {
  return line.owner === path || line.owner.startsWith(`${path}/`);
}

/** The comment behind what a line says. */
export function behind(line: Line | undefined): string {
  return / # note \d+$/.exec(line?.text ?? "")?.[0] ?? "";
}

/** A removed item's line, and in brackets the line before it, which may lose its comma. */
export function touches(line: Line, path: string, gone: number, own: Line[]): boolean {
  if (line.owner === `${path}/${gone}`) return true;
  const isBracketed = own.at(-1)?.text.trim() === "]";
  return isBracketed && line.owner === `${path}/${gone - 1}`;
}

/** Comments between a step's first and last line are the step's, whatever they stand above. */
export function isWithin(w: Written, line: Line, index: number): boolean {
  const own = w.lines.flatMap((other, at) => (isAbout(other, `steps/s${index}`) ? [at] : []));
  const at = w.lines.indexOf(line);
  return at >= (own[0] ?? 0) && at <= (own.at(-1) ?? -1);
}

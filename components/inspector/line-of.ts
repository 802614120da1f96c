import { spanOf } from "../../lib/core/sequence/slice";

/** The line (from 1) on which a step or gate begins in the file; undefined if it does not stand there. */
export function lineOf(text: string, id: string): number | undefined {
  const span = spanOf(text, "steps", id) ?? spanOf(text, "gates", id);
  return span && text.slice(0, span.start).split("\n").length;
}

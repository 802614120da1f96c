import type { Stream } from "../state/dock";

/** The outputs of an attempt, the more telling one first: of what was stopped, standard error says little more than that. */
export const tellingFirst = (isStopped: boolean): readonly Stream[] =>
  isStopped ? ["stdout", "stderr"] : ["stderr", "stdout"];

/** The last lines of a piece that reaches to the end of a text, and whether they are all of the text. A line that the piece begins in the middle of is left out, unless there is no other. */
export function lastLines(
  { text, from }: { text: string; from: number },
  most: number,
): { text: string; isAll: boolean } {
  const lines = text.replace(/\n+$/, "").split("\n");
  const whole = from > 0 && lines.length > 1 ? lines.slice(1) : lines;
  const last = whole.slice(-most);
  return { text: last.join("\n"), isAll: from === 0 && last.length === lines.length };
}

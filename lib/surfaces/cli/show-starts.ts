import { sayFacts } from "../../core/policy/asked-facts";
import type { Done } from "../../runtime/passage";
import { cells, cut, pad, safe } from "./paint";
import type { Answering } from "./say";

const least = 24;

/** What a dry run would start: a line a step with its command's class and as much of its words as fits; and who decides first. */
export function startsText({ starts = [], asks }: Done, { paint, shell }: Answering): string {
  const widest = (texts: string[]) => Math.max(0, ...texts.map(cells));
  const ids = widest(starts.map(({ step }) => step));
  const classes = widest(starts.map(({ class: kind }) => kind ?? ""));
  const room = shell.outIsTerminal ? shell.columns - (2 + ids + 2 + classes + 2) : Number.POSITIVE_INFINITY;
  const lines = starts.flatMap((start) => {
    const { step, command, class: kind, gates } = start;
    const words = Array.isArray(command) ? JSON.stringify(command) : command.replaceAll("\n", "⏎");
    const shown = cut(safe(words), Math.max(least, room));
    const line = `  ${pad(step, ids)}  ${paint("dim", pad(kind ?? "", classes))}  ${shown}`;
    const facts = sayFacts(start);
    const about = facts.length === 0 ? [] : [paint("dim", `  ${pad("", ids)}  ${safe(facts.join("; "))}`)];
    const waits = `  ${pad("", ids)}  once a person has approved ${gates.map((gate) => `'${gate}'`).join(", ")}`;
    return [line, ...about, ...(gates.length === 0 ? [] : [paint("magenta", waits)])];
  });
  if (asks)
    lines.push(paint("dim", `  a person is asked first${asks.times === 2 ? ", twice" : ""}: ${asks.why}`));
  return lines.map((line) => `${line}\n`).join("");
}

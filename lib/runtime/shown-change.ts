import { scrubJson, scrubText } from "../core/audit/scrub";
import type { Json } from "../core/json";
import { goesOnLine } from "../core/policy/asked";
import { type Shown, shownLines } from "../core/policy/shown";
import { shownDiff, shownSource, shownSources, unmarked } from "../core/sequence/shown-source";
import type { Call } from "./passage";
import type { Ports } from "./ports";

/** What would change in sequence.yaml as a unified diff that may be shown. */
export async function shownUnified(
  { unified }: Pick<Ports, "unified">,
  before: string,
  after: string,
  known: readonly string[],
): Promise<string> {
  if (before === after) return "";
  return unmarked(await unified(...shownSources(before, after, known), "sequence.yaml"));
}

/** A call as it may be shown. */
export function shownCall<C extends Call>(call: C, known: readonly string[]): C {
  const { text } = (call.input ?? {}) as { text?: unknown };
  const isSource = call.action === "sequence.write" && typeof text === "string";
  const input = isSource ? { ...(call.input as object), text: shownSource(text, known) } : call.input;
  return { ...call, input: scrubJson((input ?? null) as Json, known) };
}

/** What a yes is bound to as it may be shown; its digest stays that of what it is. */
export function shownWithout(shown: Shown, known: readonly string[]): Shown {
  return {
    ...shown,
    calls: shown.calls.map((call) => shownCall(call, known)),
    diff: shownDiff(shown.diff, known),
    commands: scrubJson(shown.commands as unknown as Json, known) as unknown as Shown["commands"],
    subjects: shown.subjects.map(({ digest, shows }) => ({
      digest,
      shows: shows.map((line) => scrubText(line, known)),
    })),
  };
}

/** What is otherwise than before, one thing a line; that a secret changed can still be seen. */
export function shownChanges(before: Shown, now: Shown, known: readonly string[]): string[] {
  const linesOf = (shown: Shown) => {
    const { follows = [], ...rest } = shown;
    const clean = shownLines({ ...shownWithout(rest, known), calls: [] });
    return [
      ...shownLines({ ...rest, calls: [] }).map((line, index) => ({ line, shown: clean[index] ?? "" })),
      // Each for itself: on one line the last of many would stand for nothing.
      ...follows.flatMap((one) => goesOnLine([one])).map((line) => ({ line, shown: line })),
    ];
  };
  const [old, fresh] = [linesOf(before), linesOf(now)];
  const without = (lines: typeof old, others: typeof old) => {
    const known = new Set(others.map(({ line }) => line));
    return lines.filter(({ line }) => !known.has(line)).map(({ shown }) => shown);
  };
  return [
    ...without(old, fresh).map((line) => `no longer: ${line}`),
    ...without(fresh, old).map((line) => `now: ${line}`),
  ];
}

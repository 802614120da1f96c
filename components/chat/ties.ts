import type { DraftCall } from "./wire";

type Call = Pick<DraftCall, "action" | "input">;

const removes = new Set(["step.rm", "gate.rm"]);

/**
 * The actions that only make sense with another one: what lets others no longer wait for a step or gate that goes, and what
 * they wait for in its place. Left without the removal they would loosen what was to be kept.
 */
export function tiedTo(calls: readonly Call[], index: number): number[] {
  const { action, input } = calls[index] ?? {};
  if (action === undefined || !removes.has(action)) return [];
  const tied: number[] = [];
  for (const [at, call] of calls.entries()) {
    if (call.action !== "dep.rm" || call.input.dep !== input?.id) continue;
    tied.push(at);
    // What it waits for instead is said right before.
    for (let before = at - 1; isAddedTo(calls[before], call.input.step); before--) tied.push(before);
  }
  return tied.sort((a, b) => a - b);
}

const isAddedTo = (call: Call | undefined, step: unknown) =>
  call?.action === "dep.add" && call.input.step === step;

/** What is left out after a box was pressed: what is tied to an action goes and comes with it. */
export function toggled(calls: readonly Call[], left: ReadonlySet<number>, index: number): Set<number> {
  const next = new Set(left);
  const isLeft = !left.has(index);
  for (const one of [index, ...tiedTo(calls, index)])
    if (isLeft) next.add(one);
    else next.delete(one);
  return next;
}

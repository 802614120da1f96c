import type { Sequence } from "./schema";

const longestId = 60;

/** The first step whose instances can't be told apart from other nodes, or of which nobody can say how many there are. */
export function fanFault(
  sequence: Sequence,
): { index: number; step: string; key: "fanout" | "for_each"; problem: string } | undefined {
  const ids = [...(sequence.steps ?? []), ...(sequence.gates ?? [])].map(({ id }) => id);
  for (const [index, { id, fanout = 1, for_each: list }] of (sequence.steps ?? []).entries()) {
    if (fanout === 1 && list === undefined) continue;
    const at = { index, step: id, key: list === undefined ? "fanout" : "for_each" } as const;
    if (fanout > 1 && list !== undefined)
      return { ...at, problem: "can't stand beside fanout: both say how many" };
    if (id.length > longestId) return { ...at, problem: `needs an id of at most ${longestId} characters` };
    const other = ids.find(
      (one) => one.toLowerCase().startsWith(`${id.toLowerCase()}-`) && /^\d+$/.test(one.slice(id.length + 1)),
    );
    if (other !== undefined) return { ...at, problem: `makes instances that are called like '${other}'` };
  }
  return undefined;
}

import type { Sequence, Step } from "./schema";

/** What is wrong with one key of a step. */
export interface StepFault {
  index: number;
  step: string;
  key: keyof Step;
  problem: string;
}

const longestId = 60;

/** Steps whose instances can't be told apart from other nodes, or of which nobody can say how many there are. */
export function* fanFaults(sequence: Sequence): Generator<StepFault> {
  const ids = [...(sequence.steps ?? []), ...(sequence.gates ?? [])].map(({ id }) => id);
  for (const [index, { id, fanout = 1, for_each: list }] of (sequence.steps ?? []).entries()) {
    if (fanout === 1 && list === undefined) continue;
    const at = { index, step: id, key: list === undefined ? "fanout" : "for_each" } as const;
    if (fanout > 1 && list !== undefined) {
      yield { ...at, problem: "can't stand beside fanout: both say how many" };
      continue;
    }
    if (id.length > longestId) {
      yield { ...at, problem: `needs an id of at most ${longestId} characters` };
      continue;
    }
    const other = ids.find(
      (one) => one.toLowerCase().startsWith(`${id.toLowerCase()}-`) && /^\d+$/.test(one.slice(id.length + 1)),
    );
    if (other !== undefined) yield { ...at, problem: `makes instances that are called like '${other}'` };
  }
}

import fc from "fast-check";
import type { ChatCall, LineReader, NodeStanding, World } from "../../../lib/core/chat/reading";
import { understand } from "../../../lib/core/chat/understand";
import { nearest } from "../../../lib/core/nearest";
import type { Gate, Step } from "../../../lib/core/sequence/schema";
import { sequenceOf } from "../../rig/sequence";

/** A sequence with made-up ids: a → b → c, c also after d, the gate g after b; d and e wait for nothing. */
export interface Setting {
  a: string;
  b: string;
  c: string;
  d: string;
  e: string;
  g: string;
  /** Ids that nothing has yet. */
  n: string;
  m: string;
  world: World;
}

// No word of a language: what is tested is the sentence around the ids.
const id = fc.stringMatching(
  /^[bcdfgklmpqrtvwxz]{2,3}[aeiou][bcdfgklmpqrtvwxz][0-9]{1,2}(?:[-_][bcdfgklmpqrtvwxz]{3}[0-9])?$/,
);

/** Templates as every workspace has them. */
export const templates = ["base", "parallel", "chained", "fusion", "orchestrated", "long-autonomy"];

/** Settings with random ids, none so like another that it is taken for a slip of the other. */
export const settings: fc.Arbitrary<Setting> = fc
  .uniqueArray(id, {
    minLength: 8,
    maxLength: 8,
    comparator: (one, other) => nearest(one, [other]) !== undefined || nearest(other, [one]) !== undefined,
  })
  .map((ids) => {
    const [a, b, c, d, e, g, n, m] = ids as [string, string, string, string, string, string, string, string];
    const steps: Step[] = [
      { id: a, command: ["true"] },
      { id: b, command: ["true"], depends_on: [a] },
      { id: c, command: ["true"], depends_on: [b, d] },
      { id: d, command: ["true"] },
      { id: e, command: ["true"] },
    ];
    const gates: Gate[] = [{ id: g, name: "Look at it", depends_on: [b] }];
    return {
      a,
      b,
      c,
      d,
      e,
      g,
      n,
      m,
      world: worldOf(steps, gates, { [b]: "FAILED", [a]: "DONE", [d]: "RUNNING" }),
    };
  });

/** A world of those nodes; what is not said of a step is READY, a gate waits for a person. */
export function worldOf(
  steps: Step[],
  gates: Gate[] = [],
  statuses: Record<string, string> = {},
  readLine?: LineReader,
): World {
  const standing = (node: string, status: string, reason: string | null): NodeStanding => ({
    id: node,
    status,
    reason,
    why: `it is ${status}`,
  });
  return {
    sequence: sequenceOf(steps, gates),
    steps: steps.map((step) => standing(step.id, statuses[step.id] ?? "READY", null)),
    gates: gates.map((gate) => standing(gate.id, "PENDING", "waiting_human")),
    open: true,
    mode: "SAFE",
    templates,
    readLine,
  };
}

/** A wording with `{a}`, `{b}`, … filled in. */
export function fill(wording: string, setting: Setting): string {
  return wording.replace(/\{([abcdegnm])\}/g, (_, key: keyof Setting) => String(setting[key]));
}

/** The calls that a request is read as; anything else is an error that shows what it was. */
export function callsOf(message: string, world: World): [string, Record<string, unknown>][] {
  const read = understand(message, world);
  if (read.kind !== "calls") throw new Error(`'${message}' was read as ${JSON.stringify(read)}`);
  return read.calls.map(({ action, input }: ChatCall) => [action, input]);
}

/** Checks each wording of each intent on settings with ids of their own. */
export function onSettings(check: (setting: Setting) => void, numRuns = 12): void {
  fc.assert(fc.property(settings, check), { numRuns, endOnFailure: true, includeErrorInReport: true });
}

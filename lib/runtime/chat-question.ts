import { loosened } from "../core/policy/loosened";
import type { State } from "./state";
import { type Outcome, riskOf } from "./work-out";

/** What the chat asks for is asked about more often than what a person types: whatever it starts or stops, in POWER too. */
export function chatQuestion(
  { before, after, parts }: Outcome,
  judged: { ask: 0 | 1 | 2; why: string },
): { ask: 0 | 1 | 2; why: string } {
  const { ask, why } = judged;
  const risks = new Set(parts.map(riskOf));
  if (risks.has("stop")) return { ask: 2, why: "it stops something" };
  if (ask === 2) return { ask, why };
  const looser = loosened(ruled(before), ruled(after));
  if (looser !== undefined) return { ask: 2, why: `it loosens the rules: ${looser}` };
  if (risks.has("run")) return { ask: 1, why: "it starts something" };
  if (parts.some(({ action }) => action.effect.kind === "prompt"))
    return { ask: 1, why: "a prompt is not taken back by undo" };
  if (before.policy.mode === "SAFE") return { ask: 1, why: "mode SAFE" };
  return { ask, why };
}

const ruled = ({ definition, policy }: State) => ({ sequence: definition.sequence, policy });

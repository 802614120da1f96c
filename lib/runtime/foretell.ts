import { judgeCommand } from "../core/policy/judge-command";
import type { Ports } from "./ports";
import type { State } from "./state";
import { type Started, wordsOf } from "./weigh";
import type { Outcome } from "./work-out";

/** A step that a call would start, as a dry run tells of it. */
export interface StartDoc {
  step: string;
  command: string[] | string;
  /** The class of its command, and the rule that gave it; absent where it has none. */
  class?: string;
  rule?: string;
  /** Gates that a person has to approve before it starts. */
  gates: string[];
}

/** What a call would start, each with its words and with what it would wait for a person at. */
export function foretell(ports: Ports, { after }: Outcome, started: readonly Started[]): StartDoc[] {
  return started.map(({ step }) => {
    const judged = step.command === undefined ? undefined : judgeCommand(after.policy, step, ports.world);
    return {
      step: step.id,
      command: wordsOf(step),
      ...(judged ? { class: judged.class, rule: judged.class_rule } : {}),
      gates: gatesBefore(after, step.id),
    };
  });
}

/** The gates before a step, however far, that nobody has approved yet; in the order of the file. */
function gatesBefore({ plan, run }: State, id: string): string[] {
  const before = new Set([id]);
  for (const at of before) for (const need of plan.graph.nodes.get(at)?.needs ?? []) before.add(need);
  return (plan.sequence.gates ?? [])
    .map((gate) => gate.id)
    .filter((gate) => before.has(gate) && run.gates.get(gate)?.status !== "APPROVED");
}

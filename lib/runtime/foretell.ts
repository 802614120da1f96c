import { scrubJson } from "../core/audit/scrub";
import { judgeCommand } from "../core/policy/judge-command";
import { upstream } from "../core/sequence/graph";
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
  const known = ports.knownSecrets();
  return started.map(({ step }) => {
    const judged = step.command === undefined ? undefined : judgeCommand(after.policy, step, ports.world);
    return {
      step: step.id,
      command: scrubJson(wordsOf(step), known) as string | string[],
      ...(judged ? { class: judged.class, rule: judged.class_rule } : {}),
      gates: gatesBefore(after, [step.id]),
    };
  });
}

/** The gates before some steps, however far, that nobody has approved yet; in the order of the file. */
export function gatesBefore({ plan, run }: State, ids: readonly string[]): string[] {
  const open = (plan.sequence.gates ?? []).filter(({ id }) => run.gates.get(id)?.status !== "APPROVED");
  if (open.length === 0) return [];
  const before = upstream(plan.graph, ...ids);
  return open.map(({ id }) => id).filter((id) => before.has(id));
}

import type { Caller } from "../core/actor";
import { countOf } from "../core/count";
import type { Plan } from "../core/engine/plan";
import type { Json } from "../core/json";
import { classNote, judge } from "../core/policy/decide";
import { mandatesFor } from "../core/policy/mandate";
import { aroundOf, type Shown, showing } from "../core/policy/shown";
import { ok, type Result } from "../core/result";
import { diffSequences } from "../core/sequence/diff";
import { factsOf } from "./foretell";
import type { GoingOn } from "./going-on";
import { plainSummary } from "./passage";
import type { Ports } from "./ports";
import { type Started, startedBy, wordsOf } from "./started";
import { type Outcome, riskOf, withinOf } from "./work-out";

/** What the rules say to what calls come to. */
export interface Weighed {
  ask: 0 | 1 | 2;
  why: string;
  started: Started[];
}

/** How often a person is asked before all of it may happen, and why: as the strictest call asks. Denied if one of them is. */
export function weigh(ports: Ports, outcome: Outcome, caller: Caller): Result<Weighed> {
  const strictest: Weighed = { ask: 0, why: "", started: [] };
  for (const part of outcome.parts) {
    if (part.idle) continue;
    const started = startedBy(ports, part.starts, part.state.plan, outcome.files);
    if (!started.ok) return started;
    const steps = started.value.map(({ step }) => step);
    const { policy, plan } = part.state;
    const scene = { world: ports.world, sequence: plan.sequence, within: withinOf(part) };
    const verdict = judge(policy, riskOf(part), part.action.name, caller, steps, scene);
    if (!verdict.ok) return verdict;
    // Asked for by two of the calls, it is still started once.
    const known = new Set(strictest.started.map(sayStarted));
    strictest.started.push(...started.value.filter((one) => !known.has(sayStarted(one))));
    if (verdict.value.ask > strictest.ask) Object.assign(strictest, verdict.value);
  }
  return ok(strictest);
}

const sayStarted = ({ step, prompt }: Started) => JSON.stringify([step.id, step.command, prompt]);

/** What a person is told of each command beside its words: its class, and the rule that gave it. */
export function notesOf(ports: Ports, { after }: Outcome, started: readonly Started[]): string[] {
  return started.map(({ step }) => classNote(after.policy, step, ports.world));
}

/** What a person is to be shown of it. */
export function showOf(
  ports: Ports,
  outcome: Outcome,
  started: readonly Started[],
  by: string,
  { follows }: GoingOn,
): Shown {
  const shown = {
    calls: outcome.parts.map(({ action, input }) => ({
      action: action.name,
      input: plainSummary(input) as Json,
    })),
    diff: diffSequences(outcome.before.definition.sequence, outcome.after.definition.sequence),
    commands: started.map((one) => ({
      step: one.step.id,
      command: wordsOf(one.step),
      ...aroundOf(one.step),
      ...factsOf(outcome.after, one),
    })),
    prompts: started.flatMap(({ step, prompt }) =>
      prompt === undefined ? [] : [{ step: step.id, sha256: ports.sha256(prompt) }],
    ),
    files: outcome.files.map(({ path, text }) => ({
      path,
      before: ports.successors.present(path) ?? null,
      after: ports.sha256(text),
    })),
    subjects: outcome.parts.flatMap(({ subject, state, starts, subs = {} }) => [
      ...(subject ? [subject] : []),
      ...Object.entries(subs).map(([path, digest]) => ({
        digest,
        shows: [`.threados/${path}, sha256 ${digest.slice(0, 16)}`],
      })),
      ...grantsOf(state.plan, starts, by).map((line) => ({ digest: ports.sha256(line), shows: [line] })),
    ]),
    ...(follows.length > 0 ? { follows } : {}),
  };
  return showing(shown, ports.sha256);
}

/** What bosses will be allowed, in words. */
function grantsOf(plan: Plan, starts: readonly string[], by: string): string[] {
  return Object.entries(mandatesFor(plan, starts, by)).map(
    ([boss, max]) =>
      `${boss}: may add up to ${countOf(max, "step")} of its own, and run them, without asking`,
  );
}

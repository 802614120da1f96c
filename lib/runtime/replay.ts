import { scrubJson } from "../core/audit/scrub";
import type { Recorded } from "../core/engine/fact";
import { makePlan } from "../core/engine/plan";
import type { Json } from "../core/json";
import { effectivePolicy } from "../core/policy/policy";
import { ok, type Result } from "../core/result";
import type { Sequence } from "../core/sequence/schema";
import type { ReplayDoc, ReplayPlan } from "../core/views/replay";
import type { Ports } from "./ports";
import { findRun } from "./runs";
import { loadState, openRun } from "./state";

/** A run's facts, and each definition that they name, so that anybody can fold them. */
export function replayRun(
  ports: Ports,
  { run, after = 0 }: { run?: string; after?: number },
): Result<ReplayDoc> {
  const id = findRun(ports, run);
  if (!id.ok) return id;
  const opened = openRun(ports, id.value);
  if (!opened.ok) return opened;
  opened.value.journal.close();
  const facts = opened.value.facts.filter((fact) => fact.seq > after);
  const known = ports.knownSecrets();
  return ok({
    run: id.value,
    newest: ports.runs.newest() === id.value,
    facts: facts.map((fact) => scrubJson(fact as unknown as Json, known) as unknown as Recorded),
    plans: plansOf(ports, facts, known),
  });
}

/** The digests are those of the texts as they are; a secret is not shown. */
function plansOf(ports: Ports, facts: readonly Recorded[], known: string[]): ReplayDoc["plans"] {
  const plans: ReplayDoc["plans"] = {};
  const state = loadState(ports);
  if (state.ok) state.value.journal?.close();
  for (const fact of facts) {
    if ((fact.type !== "run.opened" && fact.type !== "plan.amended") || fact.revision in plans) continue;
    const text = ports.definition.revision(fact.revision);
    const sequence = text.ok ? ports.definition.check(text.value) : text;
    // A revision that is gone, or that this version does not read any more, leaves the picture as it was before it.
    if (!sequence.ok) continue;
    const limits = state.ok ? state.value.policy.limits : effectivePolicy({}, sequence.value).limits;
    const plan = makePlan(sequence.value, fact.revision, limits, ports.sha256);
    plans[fact.revision] = {
      sequence: scrubJson(plan.sequence as unknown as Json, known) as unknown as Sequence,
      limits,
      digests: Object.fromEntries(plan.digests),
      does: Object.fromEntries(plan.does),
    } satisfies ReplayPlan;
  }
  return plans;
}

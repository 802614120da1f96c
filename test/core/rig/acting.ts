import { type AnyAction, findAction } from "../../../lib/core/actions";
import type { Request, RunContext } from "../../../lib/core/actions/action";
import type { Fact } from "../../../lib/core/engine/fact";
import type { Plan } from "../../../lib/core/engine/plan";
import { applyFact, emptyRun, type Run } from "../../../lib/core/engine/run";
import { isComplete } from "../../../lib/core/engine/status";
import { err, type Result } from "../../../lib/core/result";
import type { Sequence } from "../../../lib/core/sequence/schema";
import type { TemplateTexts } from "../../../lib/core/templates";

export function actionOf(name: string): AnyAction {
  const action = findAction(name);
  if (!action) throw new Error(`there is no ${name}`);
  return action;
}

const noTemplates: TemplateTexts = {
  names: () => [],
  read: (name) => err({ code: "template.unknown", type: name }),
};

/** Edits a sequence as the door does: the input is read by the action's own schema. */
export function edit(name: string, sequence: Sequence, input: object): Result<Sequence> {
  const { effect, input: schema } = actionOf(name);
  if (effect.kind !== "edit") throw new Error(`${name} edits nothing`);
  return effect.apply(frozen(sequence), frozen(schema.parse(input)), { templates: noTemplates });
}

/** What an engine action asks to be recorded. */
export function request(name: string, plan: Plan, run: Run, input: object): Result<Request> {
  const { effect, input: schema } = actionOf(name);
  if (effect.kind !== "engine") throw new Error(`${name} asks the engine for nothing`);
  const context: RunContext = { plan, run, open: run.id !== "" && !isComplete(run, plan), actor: "user" };
  return effect.request(context, schema.parse(input));
}

/** How nodes of a run stand, said shortly. */
export type Standing =
  | "idle"
  | "asked"
  | "running"
  | "stopping"
  | "retrying"
  | "done"
  | "failed"
  | "lost"
  | "canceled"
  | "approved"
  | "blocked";

/** A run in which nodes stand as told; what is not named is idle. */
export function runWith(standings: Record<string, Standing>): Run {
  const run = emptyRun("r");
  for (const [id, standing] of Object.entries(standings))
    for (const fact of historyOf(id, standing)) applyFact(run, fact, 1000);
  return run;
}

function historyOf(id: string, standing: Standing): Fact[] {
  const intended: Fact = { type: "attempt.intended", step: id, attempt: 1, fence: 0, definition: "d" };
  const exited = (code: number): Fact => ({ type: "attempt.exited", step: id, attempt: 1, code });
  const histories: Record<Standing, Fact[]> = {
    idle: [],
    asked: [{ type: "steps.requested", steps: [id], by: "user" }],
    running: [intended],
    stopping: [intended, { type: "attempt.stopping", step: id, attempt: 1, cause: "stopped" }],
    retrying: [intended, exited(1), { type: "retry.scheduled", step: id, attempt: 1, at: 9000 }],
    done: [intended, exited(0)],
    failed: [intended, exited(1)],
    lost: [intended, { type: "attempt.lost", step: id, attempt: 1 }],
    canceled: [{ type: "step.canceled", step: id, cause: "stopped" }],
    approved: [{ type: "gate.approved", gate: id, by: "user" }],
    blocked: [{ type: "gate.blocked", gate: id, by: "user" }],
  };
  return histories[standing];
}

/** The same value, all the way down not to be changed. */
export function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) frozen(item);
    Object.freeze(value);
  }
  return value;
}

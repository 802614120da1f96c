import { z } from "zod";
import type { Plan } from "../engine/plan";
import { emptyRun, isActive, type Run, stepRun } from "../engine/run";
import { isComplete, stepStatus } from "../engine/status";
import { isPursued, needsMet } from "../engine/step";
import { explain } from "../engine/why";
import { nearest } from "../nearest";
import { err, ok, type Result } from "../result";
import { unsupportedBy } from "../sequence/effective";
import { unknownStep } from "../sequence/ids";
import { defineAction, type Request, type RunContext } from "./action";

const Start = z.strictObject({
  scope: z.enum(["all", "runnable", "step", "group"]),
  id: z.string().optional().describe("the step or group to run"),
  new: z.boolean().optional().describe("open a new run even if the newest can go on"),
});

const hasEnded = (phase: string) => phase === "failed" || phase === "canceled";

/** Refuses steps that nothing could run. */
function checkRunnable(plan: Plan, ids: string[]): Result<null> {
  for (const id of ids) {
    const node = plan.graph.nodes.get(id);
    if (node?.kind !== "step") continue;
    const feature = unsupportedBy(plan.sequence, node.step);
    if (feature) return err({ code: "step.unsupported", id, feature });
    if (node.step.command === undefined) return err({ code: "step.no_command", id });
  }
  return ok(null);
}

function startAll({ plan, run, actor }: RunContext, fresh: boolean): Result<Request> {
  if (plan.order.length === 0 && plan.graph.nodes.size === 0) {
    return ok({ facts: [], pursued: [], starts: [], note: "nothing to run: the sequence has no steps" });
  }
  const pursued = plan.order.filter((id) => fresh || stepRun(run, id).phase !== "done");
  const runnable = checkRunnable(plan, pursued);
  if (!runnable.ok) return runnable;
  const again = fresh ? [] : plan.order.filter((id) => hasEnded(stepRun(run, id).phase));
  return ok({ facts: [{ type: "run.requested", again, by: actor }], pursued: null, starts: pursued, fresh });
}

/** Starts what could start this moment: never begun, or ended badly. */
function startFrontier({ plan, run, actor }: RunContext, fresh: boolean): Result<Request> {
  const frontier = plan.order.filter((id) => {
    const { phase } = stepRun(run, id);
    return (phase === "idle" || hasEnded(phase)) && needsMet(run, plan, id);
  });
  if (frontier.length === 0)
    return ok({ facts: [], pursued: [], starts: [], note: "nothing is ready to run" });
  const runnable = checkRunnable(plan, frontier);
  if (!runnable.ok) return runnable;
  return ok({
    facts: [{ type: "steps.requested", steps: frontier, by: actor }],
    pursued: frontier,
    starts: frontier,
    fresh,
  });
}

function startSome({ plan, run, actor }: RunContext, wanted: string[], fresh: boolean): Result<Request> {
  const startable = wanted.filter(
    (id) => !isActive(stepRun(run, id)) && stepRun(run, id).phase !== "done" && needsMet(run, plan, id),
  );
  const first = wanted[0];
  if (startable.length === 0 && first !== undefined) {
    const active = wanted.find((id) => isActive(stepRun(run, id)));
    const blocked = wanted.find((id) => !needsMet(run, plan, id));
    if (active !== undefined) return err({ code: "step.blocked", id: active, reason: "it is running" });
    const id = blocked ?? first;
    const reason = explain(stepStatus(run, plan, id, true))
      .replace(`'${id}' `, "")
      .replace(/\.$/, "");
    const done = blocked === undefined ? `it is done; \`seqctl restart ${id}\` runs it again` : reason;
    return err({ code: "step.blocked", id, reason: done });
  }
  const runnable = checkRunnable(plan, startable);
  if (!runnable.ok) return runnable;
  return ok({
    facts: [{ type: "steps.requested", steps: startable, by: actor }],
    pursued: startable,
    starts: startable,
    fresh,
  });
}

function members(plan: Plan, group: string): Result<string[]> {
  const steps = plan.sequence.steps ?? [];
  const ids = steps.filter((s) => s.group_id === group).map((s) => s.id);
  if (ids.length > 0) return ok(ids);
  const near = nearest(
    group,
    steps.flatMap((s) => s.group_id ?? []),
  );
  return err({ code: "group.unknown", id: group, ...(near ? { nearest: near } : {}) });
}

export const runStart = defineAction({
  name: "run.start",
  title: "Run the sequence, or a part of it",
  risk: "run",
  input: Start,
  summary: ({ scope, id }) =>
    id ? `run ${scope} ${id}` : scope === "all" ? "run the sequence" : "run what is ready",
  target: ({ id }) => id ?? "",
  effect: {
    kind: "engine",
    request: (given, input) => {
      const over = isComplete(given.run, given.plan);
      const fresh = input.new === true || (input.scope === "all" && over && given.plan.order.length > 0);
      const context = fresh ? { ...given, run: emptyRun("") } : given;
      const { scope, id } = input;
      if (scope === "all") return startAll(context, fresh);
      if (scope === "runnable") return startFrontier(context, fresh);
      if (id === undefined)
        return err({
          code: "input.invalid",
          problem: `say which ${scope} to run`,
          hint: `seqctl run ${scope} <id>`,
        });
      if (scope === "group") {
        const ids = members(given.plan, id);
        return ids.ok ? startSome(context, ids.value, fresh) : ids;
      }
      if (given.plan.graph.nodes.get(id)?.kind !== "step") return unknownStep(given.plan.sequence, id);
      return startSome(context, [id], fresh);
    },
  },
});

const OneStep = z.strictObject({ id: z.string().describe("id of the step") });

/** The step in the newest run, or the refusal that there is none such. */
function knownStep(plan: Plan, run: Run, id: string): Result<null> {
  return plan.graph.nodes.get(id)?.kind === "step" || run.steps.has(id)
    ? ok(null)
    : unknownStep(plan.sequence, id);
}

export const runStop = defineAction({
  name: "run.stop",
  title: "Stop a step",
  risk: "stop",
  input: OneStep,
  positional: ["id"],
  summary: ({ id }) => `stop step ${id}`,
  target: ({ id }) => id,
  effect: {
    kind: "engine",
    request: ({ plan, run, actor }, { id }) => {
      const known = knownStep(plan, run, id);
      if (!known.ok) return known;
      const state = stepRun(run, id);
      const queued = isPursued(run, state) && needsMet(run, plan, id);
      if (!isActive(state) && !queued) {
        return err({ code: "step.not_running", id, status: stepStatus(run, plan, id, true).status });
      }
      return ok({ facts: [{ type: "stop.requested", step: id, by: actor }], pursued: [id], starts: [] });
    },
  },
});

export const stepRestart = defineAction({
  name: "step.restart",
  title: "Stop a step if it runs, and run it again",
  risk: "run",
  input: OneStep,
  positional: ["id"],
  summary: ({ id }) => `restart step ${id}`,
  target: ({ id }) => id,
  effect: {
    kind: "engine",
    request: (context, { id }) => {
      const { plan, run, actor } = context;
      if (plan.graph.nodes.get(id)?.kind !== "step") return unknownStep(plan.sequence, id);
      if (stepRun(run, id).attempt === 0) return startSome(context, [id], false);
      if (!needsMet(run, plan, id)) return startSome(context, [id], false);
      const runnable = checkRunnable(plan, [id]);
      if (!runnable.ok) return runnable;
      return ok({ facts: [{ type: "restart.requested", step: id, by: actor }], pursued: [id], starts: [id] });
    },
  },
});

import { z } from "zod";
import type { Fact, RunTerms } from "../engine/fact";
import { authoredPlan, withInstances } from "../engine/fan";
import { waitsForCall } from "../engine/handler";
import { isPursued, needsMet } from "../engine/join";
import type { Plan } from "../engine/plan";
import { emptyRun, isActive, type Run, stepRun } from "../engine/run";
import { gateStatus, isComplete, stepStatus } from "../engine/status";
import { stepIn } from "../engine/step";
import { stepsInside } from "../engine/sub";
import { explain } from "../engine/why";
import { nearest } from "../nearest";
import { mandatesFor } from "../policy/mandate";
import { err, ok, type Result } from "../result";
import { hasNothingToRun } from "../sequence/effective";
import { buildGraph } from "../sequence/graph";
import { unknownStep } from "../sequence/ids";
import { settleParams } from "../sequence/params";
import { defineAction, type Request, type RunContext } from "./action";
import { isSelective, select } from "./selection";

const Start = z.strictObject({
  scope: z.enum(["all", "runnable", "step", "group"]).describe("what to run"),
  id: z.string().optional().describe("the step or group to run"),
  new: z.boolean().optional().describe("open a new run even if the newest can go on"),
  from: z.string().optional().describe("only this step and what comes after it"),
  to: z.string().optional().describe("only this step and what comes before it"),
  only: z.array(z.string()).optional().describe("only these steps"),
  tags: z.array(z.string()).optional().describe("only steps with one of these tags"),
  continue_on_error: z.boolean().optional().describe("let dependents of failed steps start all the same"),
  params: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe("a parameter of the sequence; may be given several times"),
});

type Start = z.infer<typeof Start>;

/** The terms of a request as its fact carries them: settled parameters, and whether failures are borne. */
function termsOf({ plan, run }: RunContext, input: Partial<Start>): Result<RunTerms> {
  const params = settleParams(plan.sequence, run.params, input.params ?? {});
  if (!params.ok) return params;
  return ok({
    ...(Object.keys(params.value).length > 0 ? { params: params.value } : {}),
    ...(input.continue_on_error ? { bearsFailures: true } : {}),
  });
}

/** What the bosses among the steps may do by themselves, once a person has agreed to the request. */
function granted(plan: Plan, starts: readonly string[], by: string): RunTerms {
  const mandates = mandatesFor(plan, starts, by);
  return Object.keys(mandates).length > 0 ? { mandates } : {};
}

const hasEnded = (phase: string) => phase === "failed" || phase === "canceled";

/** Whether it is for a step's boss, which has not ended well, to ask for it again. */
function isForBoss(run: Run, plan: Plan, id: string): boolean {
  const boss = stepIn(plan, id)?.orchestrator;
  return boss !== undefined && !["done", "skipped"].includes(stepRun(run, boss).phase);
}

/** Refuses steps that nothing could run. */
export function checkRunnable(plan: Plan, ids: string[]): Result<null> {
  const empty: string[] = [];
  for (const id of ids) {
    const node = plan.graph.nodes.get(id);
    if (node?.kind !== "step") continue;
    const read = node.step.sequence === undefined ? undefined : plan.subs?.get(node.step.sequence);
    if (read && !read.ok) return read;
    const inside = stepsInside(plan, node.step);
    if (inside) {
      const graph = buildGraph({ ...plan.sequence, steps: inside });
      const runnable = checkRunnable(
        { ...plan, graph },
        inside.map((step) => step.id),
      );
      if (!runnable.ok) return runnable;
      continue;
    }
    if (hasNothingToRun(plan.sequence, node.step)) empty.push(id);
  }
  const [first, ...others] = empty;
  if (first === undefined) return ok(null);
  return err({ code: "step.no_command", id: first, ...(others.length > 0 ? { others } : {}) });
}

const named = (ids: string[], one: string, many: string): string[] => {
  const shown = ids.slice(0, 5).map((id) => `'${id}'`);
  const more = ids.length > shown.length ? ` and ${ids.length - shown.length} more` : "";
  return ids.length === 0 ? [] : [`${shown.join(", ")}${more} ${ids.length === 1 ? one : many}`];
};

/** What is said of a request that finds all of its steps under way, or waiting since they were asked for before. */
function ofNothingNew(run: Run, plan: Plan, all: string[]): Pick<Request, "note" | "startsNothing"> {
  const ids = all.filter((id) => stepRun(run, id).phase !== "skipped");
  const active = ids.filter((id) => isActive(stepRun(run, id)));
  const waiting = ids.filter((id) => {
    const state = stepRun(run, id);
    return isPursued(run, state) && (state.phase === "waiting" || !needsMet(run, plan, id));
  });
  if (ids.length === 0 || active.length + waiting.length < ids.length) return {};
  const follows = "when what it waits for is done";
  const said = [
    ...named(active, "is under way", "are under way"),
    ...named(waiting, `starts ${follows}`, `start, each ${follows}`),
  ];
  return { startsNothing: true, note: `asked for already: ${said.join("; ")}` };
}

/** What is said where all that is left was asked for before and waits for nothing but decisions: asking again would change nothing. */
function ofGatesOnly({ plan, run }: RunContext, all: readonly string[]): string | undefined {
  const left = all.filter((id) => stepRun(run, id).phase !== "skipped");
  const waits = (id: string) =>
    stepRun(run, id).phase === "idle" && isPursued(run, stepRun(run, id)) && !needsMet(run, plan, id);
  if (left.length === 0 || !left.every(waits)) return undefined;
  const views = (plan.sequence.gates ?? []).map(({ id }) => gateStatus(run, plan, id));
  const open = views.filter(({ reason }) => reason?.code === "waiting_human").map(({ id }) => id);
  const blocked = views.filter(({ status }) => status === "BLOCKED").map(({ id }) => id);
  if (open.length + blocked.length === 0) return undefined;
  const said = [
    ...gatesNamed(plan, open, "waits for you", "wait for you"),
    ...gatesNamed(plan, blocked, "is blocked", "are blocked"),
  ];
  return `nothing to start: ${said.join("; ")}`;
}

/** Gates by id, and by name where they have another. */
function gatesNamed({ graph }: Plan, ids: readonly string[], one: string, many: string): string[] {
  const names = ids.slice(0, 5).map((id) => {
    const node = graph.nodes.get(id);
    return node?.kind === "gate" && node.gate.name !== id ? `'${id}' (${node.gate.name})` : `'${id}'`;
  });
  const more = ids.length > names.length ? ` and ${ids.length - names.length} more` : "";
  if (ids.length === 0) return [];
  return [ids.length === 1 ? `gate ${names[0]} ${one}` : `gates ${names.join(", ")}${more} ${many}`];
}

/** What is under way goes on, and is not started by being asked for again. */
const notBegun = (run: Run, ids: readonly string[]) => ids.filter((id) => !isActive(stepRun(run, id)));

function startAll(context: RunContext, input: Start, terms: RunTerms, fresh: boolean): Result<Request> {
  const { plan, run, actor } = context;
  if (plan.order.length === 0 && plan.graph.nodes.size === 0) {
    return ok({ facts: [], pursued: [], starts: [], note: "nothing to run: the sequence has no steps" });
  }
  // What goes on as others already is not begun again: these stand in the order themselves.
  const pursued = plan.order.filter((id) => fresh || !["done", "expanded"].includes(stepRun(run, id).phase));
  const runnable = checkRunnable(plan, pursued);
  if (!runnable.ok) return runnable;
  const isPlain = !fresh && input.params === undefined && input.continue_on_error === undefined;
  const note = isPlain ? ofGatesOnly(context, pursued) : undefined;
  if (note !== undefined) return ok({ facts: [], pursued: null, starts: [], startsNothing: true, note });
  // A step that runs as instances begins anew with those of them that do.
  const again = fresh
    ? []
    : plan.order.filter(
        (id) => hasEnded(stepRun(run, id).phase) && !run.expansions.has(id) && !isForBoss(run, plan, id),
      );
  const fact: Fact = { type: "run.requested", again, by: actor, ...terms, ...granted(plan, pursued, actor) };
  const nothingNew = fresh ? {} : ofNothingNew(run, plan, pursued);
  const starts = fresh ? pursued : notBegun(run, pursued);
  return ok({ facts: [fact], pursued: null, starts, fresh, ...nothingNew });
}

/** Starts what could start this moment: never begun, or ended badly. */
function startFrontier(context: RunContext, terms: RunTerms, fresh: boolean): Result<Request> {
  const { plan, run, actor } = context;
  const frontier = plan.order.filter((id) => {
    const { phase } = stepRun(run, id);
    if (waitsForCall(run, plan, id) !== undefined || isForBoss(run, plan, id)) return false;
    return (phase === "idle" || hasEnded(phase)) && needsMet(run, plan, id) && !run.expansions.has(id);
  });
  if (frontier.length === 0)
    return ok({ facts: [], pursued: [], starts: [], note: "nothing is ready to run" });
  const runnable = checkRunnable(plan, frontier);
  if (!runnable.ok) return runnable;
  return ok({
    facts: [
      { type: "steps.requested", steps: frontier, by: actor, ...terms, ...granted(plan, frontier, actor) },
    ],
    pursued: frontier,
    starts: frontier,
    fresh,
  });
}

/** Whether nothing keeps a step back once it is asked for by name; a worker waits for no more than that. */
function canStart(run: Run, plan: Plan, id: string): boolean {
  const isWorker = stepIn(plan, id)?.orchestrator !== undefined;
  if (!isWorker || waitsForCall(run, plan, id) === undefined) return needsMet(run, plan, id);
  const asked = new Map(run.steps).set(id, { ...stepRun(run, id), asked: true });
  return needsMet({ ...run, steps: asked }, plan, id);
}

function startSome(
  { plan, run, actor }: RunContext,
  named: string[],
  terms: RunTerms,
  fresh: boolean,
): Result<Request> {
  const wanted = named.flatMap((id) => withInstances(run, id));
  const startable = wanted.filter(
    (id) => !isActive(stepRun(run, id)) && stepRun(run, id).phase !== "done" && canStart(run, plan, id),
  );
  const first = wanted[0];
  if (startable.length === 0 && first !== undefined) {
    const active = wanted.find((id) => isActive(stepRun(run, id)));
    const blocked = wanted.find((id) => !canStart(run, plan, id));
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
    facts: [
      { type: "steps.requested", steps: startable, by: actor, ...terms, ...granted(plan, startable, actor) },
    ],
    pursued: startable,
    starts: startable,
    fresh,
  });
}

/** Pursues a part of the sequence; what waits for something outside of it goes on waiting. */
function startSelected(context: RunContext, input: Start, terms: RunTerms, fresh: boolean): Result<Request> {
  const { plan, run, actor } = context;
  const chosen = select(plan, input);
  if (!chosen.ok) return chosen;
  const all = new Set(chosen.value.flatMap((id) => withInstances(run, id)));
  const steps = [...all].filter((id) => stepRun(run, id).phase !== "done");
  const nothing = { facts: [], pursued: [], starts: [] };
  if (steps.length === 0)
    return ok({ ...nothing, note: "all that is chosen is done; `seqctl run --new …` starts over" });
  const canMove = steps.some((id) => isActive(stepRun(run, id)) || needsMet(run, plan, id));
  const first = steps[0] as string;
  if (!canMove) {
    const said = explain(stepStatus(run, plan, first, true));
    return err({
      code: "step.blocked",
      id: first,
      reason: said.replace(`'${first}' `, "").replace(/\.$/, ""),
    });
  }
  const runnable = checkRunnable(plan, steps);
  if (!runnable.ok) return runnable;
  return ok({
    facts: [{ type: "steps.requested", steps, by: actor, ...terms, ...granted(plan, steps, actor) }],
    pursued: steps,
    starts: fresh ? steps : notBegun(run, steps),
    fresh,
    ...(fresh ? {} : ofNothingNew(run, plan, steps)),
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
  summary: (input) => {
    if (input.id) return `run ${input.scope} ${input.id}`;
    if (isSelective(input)) return "run a part of the sequence";
    return input.scope === "all" ? "run the sequence" : "run what is ready";
  },
  target: ({ id }) => id ?? "",
  effect: {
    kind: "engine",
    request: (given, input) => {
      const over = isComplete(given.run, given.plan);
      const selective = isSelective(input);
      if (selective && input.scope !== "all")
        return err({
          code: "input.invalid",
          problem: "from, to, only and tags choose from the whole sequence",
        });
      const startsOver = input.scope === "all" && !selective && over && given.plan.order.length > 0;
      const fresh = input.new === true || startsOver;
      const context = fresh ? { ...given, run: emptyRun(""), plan: authoredPlan(given.plan) } : given;
      const { scope, id } = input;
      const settled = termsOf(context, input);
      if (!settled.ok) return settled;
      const terms = settled.value;
      if (selective) return startSelected(context, input, terms, fresh);
      if (scope === "all") return startAll(context, input, terms, fresh);
      if (scope === "runnable") return startFrontier(context, terms, fresh);
      if (id === undefined)
        return err({
          code: "input.invalid",
          problem: `say which ${scope} to run`,
          hint: `seqctl run ${scope} <id>`,
        });
      if (scope === "group") {
        const ids = members(given.plan, id);
        return ids.ok ? startSome(context, ids.value, terms, fresh) : ids;
      }
      if (given.plan.graph.nodes.get(id)?.kind !== "step") return unknownStep(given.plan.sequence, id);
      return startSome(context, [id], terms, fresh);
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
      const ids = withInstances(run, id).filter((one) => {
        const state = stepRun(run, one);
        return isActive(state) || (isPursued(run, state) && needsMet(run, plan, one));
      });
      if (ids.length === 0)
        return err({ code: "step.not_running", id, status: stepStatus(run, plan, id, true).status });
      const facts = ids.map((step): Fact => ({ type: "stop.requested", step, by: actor }));
      return ok({ facts, pursued: ids, starts: [] });
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
      if (stepRun(run, id).attempt === 0 || !needsMet(run, plan, id)) {
        const terms = termsOf(context, {});
        return terms.ok ? startSome(context, [id], terms.value, false) : terms;
      }
      const runnable = checkRunnable(plan, [id]);
      if (!runnable.ok) return runnable;
      const ids = stepRun(run, id).phase === "expanded" ? withInstances(run, id) : [id];
      const facts = ids.map((step): Fact => ({ type: "restart.requested", step, by: actor }));
      return ok({ facts, pursued: [id], starts: ids });
    },
  },
});

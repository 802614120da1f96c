import { type AnyAction, findAction } from "../core/actions";
import type { ChatCall } from "../core/chat/reading";
import { isPersonal } from "../core/chat/tools";
import type { Fact } from "../core/engine/fact";
import { expandPlan } from "../core/engine/fan";
import { makePlan } from "../core/engine/plan";
import { applyFact, copyRun, emptyRun } from "../core/engine/run";
import { isOver } from "../core/engine/status";
import { stepIn } from "../core/engine/step";
import type { Json } from "../core/json";
import { judge, type Risk } from "../core/policy/decide";
import { effectivePolicy, type Mode } from "../core/policy/policy";
import { err, ok, type Result } from "../core/result";
import { diffSequences, type SequenceDiff } from "../core/sequence/diff";
import { isAgentStep } from "../core/sequence/effective";
import type { Step } from "../core/sequence/schema";
import { rewriteSource } from "../core/sequence/source";
import { validateSequence } from "../core/sequence/validate";
import { findRevision } from "./history";
import type { Ports } from "./ports";
import { loadState, type State } from "./state";

/** A call of a draft, as it is shown. */
export interface DraftCall {
  action: string;
  input: Record<string, unknown>;
  summary: string;
  risk: Risk;
  /** Whether something is lost or loosened by it. */
  destructive: boolean;
}

/** How often a person is asked before a draft is carried out, and why. */
export interface Verdict {
  mode: Mode;
  ask: 0 | 1 | 2;
  why: string;
}

/** What calls would come to, tried on a copy. */
export interface Draft {
  calls: DraftCall[];
  /** Digest of the definition it was tried on. */
  base: string;
  before: string;
  after: string;
  changes: SequenceDiff;
  verdict: Verdict;
  /** What it would start: steps, those of them that agents run, and gates on their way. */
  forecast: { steps: number; agents: number; gates: number; starts: string[] };
}

/** The copy that calls are tried on. */
interface Stage {
  ports: Ports;
  state: State;
  text: string;
  prompts: Set<string>;
  starts: Set<string>;
}

/** Tries calls on a copy, one upon the other; the first that is refused refuses all, by its number. Nothing is written. */
export function rehearse(ports: Ports, calls: readonly ChatCall[]): Result<Draft> {
  const loaded = loadState(ports);
  if (!loaded.ok) return loaded;
  const { definition, run } = loaded.value;
  loaded.value.journal?.close();
  const stage: Stage = {
    ports,
    state: { ...loaded.value, run: copyRun(run) },
    text: definition.text,
    prompts: new Set(),
    starts: new Set(),
  };
  const drafted: DraftCall[] = [];
  let verdict: Verdict = { mode: loaded.value.policy.mode, ask: 0, why: "" };
  for (const [index, call] of calls.entries()) {
    const tried = tryCall(stage, call);
    if (!tried.ok) return calls.length === 1 ? tried : numbered(tried, index, call.action);
    drafted.push(tried.value.drafted);
    if (tried.value.ask > verdict.ask) verdict = { ...verdict, ask: tried.value.ask, why: tried.value.why };
  }
  const checked = ports.definition.check(stage.text);
  if (!checked.ok) return checked;
  const { graph, sequence } = stage.state.plan;
  const starts = [...stage.starts];
  const agents = starts.filter((id) => isAgentStep(sequence, stepIn(stage.state.plan, id) ?? { id }));
  const gates = [...graph.nodes.values()].filter((node) => node.kind === "gate");
  return ok({
    calls: drafted,
    base: definition.digest,
    before: definition.text,
    after: stage.text,
    changes: diffSequences(definition.sequence, checked.value),
    verdict,
    forecast: {
      steps: starts.length,
      agents: agents.length,
      gates: starts.length === 0 ? 0 : gates.length,
      starts: starts.slice(0, 50),
    },
  });
}

/** The refusal of one of several calls says which one it was. */
function numbered(refused: Result<never>, index: number, action: string): Result<never> {
  if (refused.ok || refused.failure.code !== "input.invalid") return refused;
  const { failure } = refused;
  return err({ ...failure, problem: `call ${index + 1} (${action}): ${failure.problem}` });
}

interface Tried {
  drafted: DraftCall;
  ask: 0 | 1 | 2;
  why: string;
}

function tryCall(stage: Stage, { action: name, input }: ChatCall): Result<Tried> {
  const action = findAction(name);
  if (!action) return err({ code: "action.unknown", name: String(name).slice(0, 100) });
  if (isPersonal(action))
    return err({ code: "input.invalid", problem: `${name} is a person's own decision, never proposed` });
  const parsed = action.input.safeParse(input ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const key = issue?.path.join(".") ?? "";
    return err({
      code: "input.invalid",
      problem: `${name}${key ? `, '${key}'` : ""}: ${issue?.message ?? "is not valid"}`,
    });
  }
  const risk = typeof action.risk === "function" ? action.risk(parsed.data as never) : action.risk;
  const starts = enact(stage, action, parsed.data);
  if (!starts.ok) return starts;
  const steps = startedAs(stage, starts.value);
  if (!steps.ok) return steps;
  const caller = { actor: "user", surface: "chat" } as const;
  const verdict = judge(stage.state.policy, risk, name, caller, steps.value);
  if (!verdict.ok) return verdict;
  for (const id of starts.value) stage.starts.add(id);
  const summary = action.summary(parsed.data as never);
  const destructive = ["remove", "stop", "widen"].includes(risk);
  return ok({
    drafted: { action: name, input: plain(parsed.data), summary, risk, destructive },
    ...question(stage.state.policy.mode, risk, action.effect.kind, verdict.value),
  });
}

const plain = (input: unknown) => JSON.parse(JSON.stringify(input ?? {})) as Record<string, unknown>;

/** What the chat asks for is asked about more often than what a person types: whatever it starts or stops, in POWER too. */
function question(
  mode: Mode,
  risk: Risk,
  effect: AnyAction["effect"]["kind"],
  judged: { ask: 0 | 1 | 2; why?: string },
): { ask: 0 | 1 | 2; why: string } {
  if (risk === "stop") return { ask: 2, why: "it stops something" };
  if (judged.ask === 2) return { ask: 2, why: judged.why ?? "" };
  if (risk === "run") return { ask: 1, why: "it starts something" };
  if (effect === "prompt") return { ask: 1, why: "a prompt is not taken back by undo" };
  if (mode === "SAFE") return { ask: 1, why: "mode SAFE" };
  return { ask: judged.ask, why: judged.why ?? "" };
}

/** Carries a checked call out on the copy; the steps it would start. */
function enact(stage: Stage, action: AnyAction, input: unknown): Result<string[]> {
  const { ports, state } = stage;
  switch (action.effect.kind) {
    case "edit": {
      const next = action.effect.apply(state.plan.sequence, input as never, { templates: ports.templates });
      if (!next.ok) return next;
      const valid = validateSequence(next.value as unknown as Json);
      return valid.ok ? restage(stage, rewriteSource(stage.text, next.value as unknown as Json)) : valid;
    }
    case "history": {
      const any = action.effect.any(input as never);
      const text = findRevision(ports, action.effect.direction, "user", any);
      return text.ok ? restage(stage, text.value) : text;
    }
    case "policy": {
      const next = action.effect.apply(state.policyFile, input as never);
      return next.ok ? ok([]) : next;
    }
    case "prompt": {
      const { id } = action.effect.edit(input as never);
      const step = stepIn(state.plan, id);
      if (!step) return err({ code: "step.unknown", id });
      const writable = ports.agents.checkPrompt(step);
      if (!writable.ok) return writable;
      stage.prompts.add(id);
      return ok([]);
    }
    case "engine": {
      const run = state.run.canceled ? emptyRun("") : state.run;
      const open = state.journal !== undefined && !isOver(state.run, state.plan);
      const asked = action.effect.request({ plan: state.plan, run, open, actor: "user" }, input as never);
      if (!asked.ok) return asked;
      const { facts, starts, note } = asked.value;
      if (facts.length === 0)
        return err({ code: "input.invalid", problem: note ?? "there is nothing to do" });
      follow(stage, facts, asked.value.fresh === true);
      return ok(starts);
    }
    default:
      return err({ code: "input.invalid", problem: `${action.name} can't be proposed` });
  }
}

/** What later calls of the same draft see of a run that an earlier one has set going. */
function follow(stage: Stage, facts: readonly Fact[], fresh: boolean): void {
  const run = fresh ? emptyRun("rehearsal") : copyRun(stage.state.run);
  for (const fact of facts) applyFact(run, fact, stage.ports.now());
  stage.state = { ...stage.state, run };
}

function restage(stage: Stage, text: string): Result<string[]> {
  const { ports, state } = stage;
  const checked = ports.definition.check(text);
  if (!checked.ok) return checked;
  const policy = effectivePolicy(state.policyFile, checked.value);
  const plan = expandPlan(
    makePlan(checked.value, ports.sha256(text), policy.limits, ports.sha256),
    state.run,
  );
  stage.text = text;
  stage.state = { ...state, plan, policy };
  return ok([]);
}

/** The steps with the words they would be started with, as the policy judges them. */
function startedAs({ ports, state, prompts }: Stage, ids: readonly string[]): Result<Step[]> {
  const steps: Step[] = [];
  for (const id of ids) {
    const step = stepIn(state.plan, id);
    if (!step) continue;
    const argv = isAgentStep(state.plan.sequence, step)
      ? ports.agents.argv(state.plan.sequence, step)
      : undefined;
    // A prompt that the same draft writes is not there yet.
    const isWritten = argv?.ok === false && argv.failure.code === "prompt.missing" && prompts.has(id);
    if (argv?.ok === false && !isWritten) return argv;
    steps.push(argv?.ok ? { ...step, command: argv.value } : step);
  }
  return ok(steps);
}

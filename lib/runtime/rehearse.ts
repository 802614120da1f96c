import { findAction } from "../core/actions";
import { reasoned } from "../core/actions/reasoned";
import type { ChatCall } from "../core/chat/reading";
import { isPersonal } from "../core/chat/tools";
import { type Expected, expectedOf, type Past, pastOf } from "../core/engine/forecast";
import { stepIn } from "../core/engine/step";
import type { Failure } from "../core/failure";
import { renderFailure } from "../core/failure-table";
import { saidOf } from "../core/issue";
import type { Risk } from "../core/policy/decide";
import type { Mode } from "../core/policy/policy";
import type { Shown } from "../core/policy/shown";
import { err, ok, type Result } from "../core/result";
import type { SequenceDiff } from "../core/sequence/diff";
import { agentOf, hasNothingToRun, isAgentStep, modelOf } from "../core/sequence/effective";
import type { Step } from "../core/sequence/schema";
import { chatQuestion } from "./chat-question";
import { gatesBefore } from "./foretell";
import { goingOn } from "./going-on";
import { looking } from "./looking";
import { plainSummary } from "./passage";
import type { Ports } from "./ports";
import { loadState, openRun, type State } from "./state";
import { showOf, weigh } from "./weigh";
import { type Outcome, type Part, riskOf, type Wanted, workOut } from "./work-out";

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
  /** What a person is to be shown of it; a yes is bound to its digest. */
  shown: Shown;
  verdict: Verdict;
  forecast: Forecast;
  /** Why the sequence could not be run right behind it; null where it could, or where the calls run it themselves. */
  unrunnable: { message: string; hint: string | null } | null;
}

/** What runs the sequence behind other calls. */
export const runAll: ChatCall = { action: "run.start", input: { scope: "all" } };

/** What calls would start: steps, those of them that agents run, gates on their way, and what that took before. */
export interface Forecast {
  steps: number;
  agents: number;
  gates: number;
  starts: string[];
  /** Ids of the steps that have nothing to run, as it would be. */
  bare: string[];
  /** null where nothing starts. */
  expected: Expected | null;
}

/** Whoever says yes to a draft is a person. */
const person = { actor: "user", surface: "chat" } as const;

/** Works calls out, one upon the other; the first that is refused refuses all, by its number. Nothing is written. */
export function rehearse(ports: Ports, calls: readonly ChatCall[]): Result<Draft> {
  const loaded = loadState(ports);
  if (!loaded.ok) return loaded;
  try {
    return draftOf(looking(ports), loaded.value, calls);
  } finally {
    loaded.value.journal?.close();
  }
}

function draftOf(ports: Ports, state: State, calls: readonly ChatCall[]): Result<Draft> {
  const wanted: Wanted[] = [];
  const known = ports.knownSecrets();
  for (const [index, call] of calls.entries()) {
    if (holdsSecret(call, known)) return numbered(err(secretTold), index, calls);
    const parsed = parse(call);
    if (!parsed.ok) return numbered(parsed, index, calls);
    wanted.push(parsed.value);
  }
  const outcome = workOut(ports, state, wanted, person);
  if (!outcome.ok) return numbered(outcome, firstRefused(ports, state, wanted), calls);
  const { parts, before, after } = outcome.value;
  const idle = parts.findIndex((part) => part.idle);
  if (idle >= 0) {
    const problem = parts[idle]?.note ?? "there is nothing to do";
    return numbered(err({ code: "input.invalid", problem }), idle, calls);
  }
  if (parts.every((part) => !part.changed)) {
    const { note } = parts.find((part) => part.note !== undefined) ?? {};
    return err({ code: "input.invalid", problem: note ?? "what it asks for is there already" });
  }
  const weighed = weigh(ports, outcome.value, person);
  if (!weighed.ok) return weighed;
  const going = goingOn(ports, outcome.value);
  const shown = showOf(ports, outcome.value, weighed.value.started, person.actor, going);
  return ok({
    calls: parts.map(shownCall),
    base: before.definition.digest,
    before: before.definition.text,
    after: after.definition.text,
    changes: shown.diff,
    shown,
    verdict: { mode: before.policy.mode, ...chatQuestion(outcome.value, weighed.value) },
    forecast: forecastOf(ports, outcome.value),
    unrunnable: unrunnable(ports, state, wanted),
  });
}

/** Tries to run everything behind the calls; what stands against it is said before anybody asks for it. */
function unrunnable(ports: Ports, state: State, wanted: readonly Wanted[]): Draft["unrunnable"] {
  if (wanted.some(({ action }) => action.name === runAll.action)) return null;
  const run = parse(runAll);
  if (!run.ok) return sayRefusal(run.failure);
  const outcome = workOut(ports, state, [...wanted, run.value], person);
  if (!outcome.ok) return sayRefusal(outcome.failure);
  const { idle, note } = outcome.value.parts.at(-1) ?? {};
  if (idle) return { message: note ?? "there is nothing to run", hint: null };
  const weighed = weigh(ports, outcome.value, person);
  return weighed.ok ? null : sayRefusal(weighed.failure);
}

function sayRefusal(failure: Failure): { message: string; hint: string | null } {
  const { message, hint } = renderFailure(failure);
  return { message, hint: hint ?? null };
}

/** A proposal is written down, and what it is shown as has to be what is applied. */
const secretTold: Failure = {
  code: "input.invalid",
  problem: "the proposal holds a secret in clear",
  hint: "name it: a step's env takes secret:NAME",
};

function holdsSecret({ input }: ChatCall, known: readonly string[]): boolean {
  const text = JSON.stringify(input);
  return known.some((secret) => text.includes(JSON.stringify(secret).slice(1, -1)));
}

/** Why no proposal holds an action that is a person's own. */
export const personalRefusal = (name: string): Failure => ({
  code: "input.invalid",
  problem: `${name} is a person's own decision, never proposed`,
});

function parse({ action: name, input }: ChatCall): Result<Wanted> {
  const action = findAction(name);
  if (!action) return err({ code: "action.unknown", name: String(name).slice(0, 100) });
  if (isPersonal(action)) return err(personalRefusal(name));
  const parsed = action.input.safeParse(input ?? {});
  if (parsed.success) return ok({ action, input: parsed.data });
  const issue = parsed.error.issues[0];
  const key = issue?.path.join(".") ?? "";
  return err({
    code: "input.invalid",
    problem: `${name}${key ? `, '${key}'` : ""}: ${saidOf(issue)}`,
  });
}

/** The number of the call that can't follow those before it. */
function firstRefused(ports: Ports, state: State, wanted: readonly Wanted[]): number {
  return wanted.findIndex((_, index) => !workOut(ports, state, wanted.slice(0, index + 1), person).ok);
}

/** The refusal of one of several calls says which one it was. */
function numbered(refused: Result<never>, index: number, calls: readonly ChatCall[]): Result<never> {
  if (refused.ok || refused.failure.code !== "input.invalid" || calls.length === 1) return refused;
  const { failure } = refused;
  return err({ ...failure, problem: `call ${index + 1} (${calls[index]?.action}): ${failure.problem}` });
}

function shownCall(part: Part): DraftCall {
  const risk = riskOf(part);
  const input = plainSummary(part.input) as Record<string, unknown>;
  const destructive = ["remove", "stop", "widen"].includes(risk);
  const summary = reasoned(part.action.summary(part.input as never), part.input);
  return { action: part.action.name, input, summary, risk, destructive };
}

/** Runs whose attempts say what is to be expected. */
const runsLookedAt = 20;

function forecastOf(ports: Ports, { parts, after }: Outcome): Forecast {
  const { graph, sequence, limits } = after.plan;
  const starts = [...new Set(parts.flatMap((part) => part.starts))];
  const agentBehind = (step: Step) =>
    isAgentStep(sequence, step) ? agentOf(modelOf(sequence, step)).adapter : null;
  const starting = starts.map((id) => ({ id, agent: agentBehind(stepIn(after.plan, id) ?? { id }) }));
  const agents = new Map((sequence.steps ?? []).map((step) => [step.id, agentBehind(step)]));
  const past = starts.length === 0 ? [] : lately(ports);
  return {
    steps: starts.length,
    agents: starting.filter(({ agent }) => agent !== null).length,
    gates: starts.length === 0 ? 0 : gatesBefore(after, starts).length,
    starts: starts.slice(0, 50),
    bare: (sequence.steps ?? [])
      .filter((step) => hasNothingToRun(sequence, step))
      .map(({ id }) => id)
      .slice(0, 50),
    expected: expectedOf(starting, past, agents, graph, limits.maxConcurrent),
  };
}

/** What ended well in the last runs; one that can't be read tells nothing. */
function lately(ports: Ports): Past[] {
  return ports.runs
    .list()
    .slice(-runsLookedAt)
    .flatMap((id) => {
      const opened = openRun(ports, id);
      if (!opened.ok) return [];
      opened.value.journal.close();
      return pastOf(opened.value.facts);
    });
}

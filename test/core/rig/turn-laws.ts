import { expect } from "bun:test";
import type { Fact, Recorded } from "../../../lib/core/engine/fact";
import type { Plan } from "../../../lib/core/engine/plan";
import { isActive, type Run, stepRun } from "../../../lib/core/engine/run";
import { stepStatus } from "../../../lib/core/engine/status";
import { isQuiet, lacksWork, type News, type Outcome, step, stepIn } from "../../../lib/core/engine/step";
import { isApproved, isTakenBack, readStep } from "./asked";
import { print } from "./journal";

/** One turn of the engine with all that surrounds it. */
export interface Turn {
  before: Run;
  /** `before` as it was printed before the turn. */
  printed: string;
  plan: Plan;
  news: News[];
  outcome: Outcome;
  nowMs: number;
  /** The journal with the turn's facts written down. */
  journal: Recorded[];
  /** That journal, folded anew. */
  run: Run;
}

type FactOf<T extends Fact["type"]> = Extract<Fact, { type: T }>;

const decided = <T extends Fact["type"]>(turn: Turn, type: T) =>
  turn.outcome.facts.filter((fact): fact is FactOf<T> => fact.type === type);
const activeIn = (run: Run) => [...run.steps.values()].filter(isActive).length;
const pick = ({ step, attempt }: { step: string; attempt: number }) => `${step}/${attempt}`;

/** Holds one turn against everything that every turn owes. */
export function checkTurn(turn: Turn): void {
  checkPurity(turn);
  checkSpawns(turn);
  checkRetries(turn);
  checkSignals(turn);
  checkGroups(turn);
  checkRest(turn);
}

function checkPurity({ before, printed, plan, news, outcome, nowMs, run }: Turn): void {
  expect(print(before)).toBe(printed);
  const again = step(before, plan, news, nowMs);
  again.run.seq = outcome.run.seq;
  const { run: _, ...said } = outcome;
  const { run: __, ...saidAgain } = again;
  expect(saidAgain).toEqual(said);
  expect(print(again.run)).toBe(print(outcome.run));
  expect(print(run)).toBe(print(outcome.run));
}

function checkSpawns(turn: Turn): void {
  const { plan, outcome, journal, nowMs } = turn;
  const intended = decided(turn, "attempt.intended");
  const spawns = outcome.effects.filter(({ type }) => type === "spawn");
  expect(spawns.map(pick)).toEqual(intended.map(pick));
  if (intended.length === 0) return;
  expect(activeIn(outcome.run)).toBeLessThanOrEqual(plan.limits.maxConcurrent);
  const ranks = intended.map((fact) => plan.order.indexOf(fact.step));
  expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  const priorities = intended.map((fact) => -(stepIn(plan, fact.step)?.priority ?? 0));
  expect(priorities).toEqual(priorities.toSorted((a, b) => a - b));
  for (const fact of intended) {
    const index = journal.findLastIndex((f) => f.type === "attempt.intended" && pick(f) === pick(fact));
    const past = journal.slice(0, index);
    const reading = readStep(past, fact.step);
    expect(reading).toMatchObject({ active: false, asked: true, attempt: fact.attempt - 1 });
    expect(reading.notBefore).toBeLessThanOrEqual(nowMs);
    expect(fact).toMatchObject({
      fence: outcome.run.fence,
      definition: plan.digests.get(fact.step) as string,
    });
    const lack = unmet(past, plan, fact.step);
    if (lack.length > 0) throw new Error(`${fact.step} starts before ${lack.join(", ")}`);
  }
}

/** The needs that, by the journal, are not there, or stand below a gate whose approval was taken back. */
function unmet(journal: readonly Recorded[], plan: Plan, id: string): string[] {
  const isGate = (node: string) => plan.graph.nodes.get(node)?.kind === "gate";
  const isHeld = (node: string): boolean =>
    (isGate(node) && isTakenBack(journal, node)) || (plan.graph.nodes.get(node)?.needs ?? []).some(isHeld);
  return (plan.graph.nodes.get(id)?.needs ?? []).filter(
    (need) => isHeld(need) || (isGate(need) ? !isApproved(journal, need) : !readStep(journal, need).done),
  );
}

/** What may be retried is, within the step's limit and as late as its back-off says. */
function checkRetries(turn: Turn): void {
  const { plan, journal, nowMs, before, outcome } = turn;
  for (const [id, { phase, end }] of outcome.run.steps) {
    const failedNow = phase === "failed" && isActive(stepRun(before, id));
    if (!failedNow || (end !== "exit" && end !== "timeout")) continue;
    const { retries, stopped } = readStep(journal, id);
    if (!stopped) expect(retries).toBeGreaterThanOrEqual(stepIn(plan, id)?.retry?.limit ?? 0);
  }
  for (const fact of decided(turn, "retry.scheduled")) {
    const definition = stepIn(plan, fact.step);
    if (!definition) throw new Error(`${fact.step} is retried, but it is gone`);
    const index = journal.findLastIndex((f) => f.type === "retry.scheduled" && f.step === fact.step);
    const past = journal.slice(0, index);
    const used = readStep(past, fact.step).retries;
    const ending = past.findLast(
      (f) => "attempt" in f && pick(f) === pick(fact) && /exited|lost/.test(f.type),
    );
    expect(readStep(past, fact.step).stopped).toBe(false);
    const { limit = 0, backoff_ms = 1000, factor = 2, max_ms = 60_000 } = definition.retry ?? {};
    if (ending?.type === "attempt.lost") {
      expect(definition.idempotent).toBe(true);
      expect(used).toBeLessThan(Math.max(limit, 3));
    } else {
      expect(used).toBeLessThan(limit);
      expect(fact.at).toBe(nowMs + Math.min(backoff_ms * factor ** used, max_ms));
    }
  }
}

/** TERM goes with the decision to stop, KILL with the one to kill, and that one waits for the grace. */
function checkSignals(turn: Turn): void {
  const { plan, outcome, journal, nowMs } = turn;
  const signals = (wanted: string) =>
    outcome.effects.flatMap((e) => (e.type === "kill" && e.signal === wanted ? [pick(e)] : []));
  expect(signals("TERM")).toEqual(decided(turn, "attempt.stopping").map(pick));
  expect(signals("KILL")).toEqual(decided(turn, "attempt.killed").map(pick));
  for (const fact of decided(turn, "attempt.killed")) {
    const since = readStep(journal, fact.step).stoppingSince ?? Number.POSITIVE_INFINITY;
    expect(nowMs - since).toBeGreaterThanOrEqual(plan.limits.graceMs);
  }
  for (const fact of decided(turn, "attempt.stopping")) {
    const reading = readStep(journal.slice(0, -outcome.facts.length), fact.step);
    expect(reading).toMatchObject({ active: true, attempt: fact.attempt, stoppingSince: undefined });
  }
}

/** When a member of a fail_fast group fails for good, and only then, none of the others goes on; a crash may have put that off. */
function checkGroups({ plan, outcome, before, news }: Turn): void {
  for (const fact of outcome.facts) {
    if (!("cause" in fact) || fact.cause !== "group_failed") continue;
    const group = stepIn(plan, fact.step)?.group_id;
    const members = (plan.sequence.steps ?? []).filter((s) => s.group_id === group);
    expect(members.some((s) => s.fail_policy === "fail_fast")).toBe(true);
    const isFailed = ({ id }: { id: string }) => stepRun(outcome.run, id).phase === "failed";
    const isNews = ({ id }: { id: string }) =>
      isActive(stepRun(before, id)) || before.failedLast.steps.includes(id);
    expect(members.some((s) => isFailed(s) && isNews(s))).toBe(true);
  }
  for (const member of plan.sequence.steps ?? []) {
    const { phase, end } = stepRun(outcome.run, member.id);
    const failedNow = phase === "failed" && end !== "group_failed" && isActive(stepRun(before, member.id));
    if (!failedNow || member.group_id === undefined) continue;
    const group = (plan.sequence.steps ?? []).filter((s) => s.group_id === member.group_id);
    if (!group.some((s) => s.fail_policy === "fail_fast")) continue;
    expect(news.length).toBeGreaterThan(0);
    for (const { id } of group)
      expect([id, stepRun(outcome.run, id).phase]).toEqual([
        id,
        expect.stringMatching(/done|failed|canceled|stopping/),
      ]);
  }
}

/** What is left undone is left for a reason: no room, a timer, or the world's answer. */
function checkRest({ plan, outcome, journal, nowMs }: Turn): void {
  const { run, wakeAt } = outcome;
  const hasRoom = activeIn(run) < plan.limits.maxConcurrent;
  if (wakeAt !== undefined) expect(wakeAt).toBeGreaterThan(nowMs);
  for (const id of plan.order) {
    const view = stepStatus(run, plan, id, true);
    if (view.status === "QUEUED")
      expect(view.reason).toEqual({ code: "limit", max: plan.limits.maxConcurrent });
    const { asked, active, notBefore } = readStep(journal, id);
    const canBeRun = !lacksWork(plan, id);
    if (
      hasRoom &&
      asked &&
      canBeRun &&
      !active &&
      notBefore <= nowMs &&
      unmet(journal, plan, id).length === 0
    )
      throw new Error(`${id} was asked for and forgotten`);
    const state = stepRun(run, id);
    const definition = stepIn(plan, id);
    const timeoutMs = definition?.timeout_ms ?? plan.limits.timeoutDefaultMs;
    if (timeoutMs === undefined || (state.phase !== "running" && state.phase !== "intended")) continue;
    const deadline = (state.startedAt ?? 0) + timeoutMs;
    expect(deadline).toBeGreaterThan(nowMs);
    expect(wakeAt ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(deadline);
  }
  if (!isQuiet(run, plan)) {
    expect(activeIn(run) > 0 || wakeAt !== undefined).toBe(true);
    return;
  }
  expect(wakeAt).toBeUndefined();
  const later = step(run, plan, [], nowMs + 1e9);
  expect({ facts: later.facts, effects: later.effects }).toEqual({ facts: [], effects: [] });
}

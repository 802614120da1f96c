import { scrubJson } from "../core/audit/scrub";
import { type StartNews, startNews } from "../core/engine/exhibit";
import { doesOf } from "../core/engine/plan";
import { applyFact, copyRun } from "../core/engine/run";
import { unlockedBy } from "../core/engine/unlocked";
import type { Json } from "../core/json";
import type { AskedStart, GoesOn } from "../core/policy/asked";
import type { StartFacts } from "../core/policy/asked-facts";
import { judgeCommand } from "../core/policy/judge-command";
import { aroundOf } from "../core/policy/shown";
import { isAgentStep } from "../core/sequence/effective";
import { downstream, upstream } from "../core/sequence/graph";
import { marksOf } from "../core/views/marks";
import type { Ports } from "./ports";
import { type Started, unlockedWith, wordsOf } from "./started";
import type { State } from "./state";

export type Judged = Pick<State, "plan" | "run" | "policy">;

/**
 * What a call would start, each with its words and with what it would wait for a person at; without secrets. `news` marks
 * what differs from the approval of a gate that fell.
 */
export function startsOf(
  ports: Ports,
  state: Judged,
  started: readonly Started[],
  news: ReadonlyMap<string, StartNews> = new Map(),
): AskedStart[] {
  const starts = started.map((one): AskedStart => {
    const { step } = one;
    const judged = step.command === undefined ? undefined : judgeCommand(state.policy, step, ports.world);
    const told = news.get(step.id);
    return {
      step: step.id,
      command: wordsOf(step),
      ...aroundOf(step),
      ...factsOf(state, one),
      class: judged?.class ?? null,
      rule: judged?.class_rule ?? null,
      gates: gatesBefore(state, [step.id]),
      ...(told === undefined ? {} : { news: told }),
    };
  });
  return scrubJson(starts as unknown as Json, ports.knownSecrets()) as unknown as AskedStart[];
}

/** Where and how often a step is started, and with what; of a sandbox also whether it leads to the network. */
export function factsOf({ plan, policy }: Judged, { step, beside = step, inside }: Started): StartFacts {
  const { isolation } = marksOf(plan.sequence, beside);
  const { fan, candidates } = marksOf(plan.sequence, step);
  const isConfined = policy.sandbox === "required" || beside.sandbox === "required";
  const network = beside.network ?? (isAgentStep(plan.sequence, beside) ? undefined : false);
  return {
    ...(isolation === undefined ? {} : { isolation }),
    ...(isConfined ? { sandbox: "required" as const } : {}),
    ...(isConfined && network !== undefined ? { network } : {}),
    ...(fan === undefined ? {} : { fan }),
    ...(candidates === undefined ? {} : { candidates }),
    ...(inside === undefined ? {} : { inside }),
  };
}

/** What an approval of a gate would start, as things stand, and how they would stand then. */
export function unlockedThen(
  ports: Ports,
  state: Judged,
  gate: string,
): { judged: Judged; started: Started[] } {
  const { plan, run } = state;
  const approved = copyRun(run);
  applyFact(approved, { type: "gate.approved", gate, by: "" }, ports.now());
  return {
    judged: { ...state, run: approved },
    started: unlockedWith(ports, plan, unlockedBy(run, plan, gate)),
  };
}

/** The same for people, each step with its words. */
export function startsThen(ports: Ports, state: Judged, gate: string): AskedStart[] {
  const { judged, started } = unlockedThen(ports, state, gate);
  return startsOf(ports, judged, started, startNews(state.run, state.plan, gate));
}

/** The digest of all that a yes to a gate is said to: what the gate shows, and what starts then, as it would be started. */
export function yesDigest(
  ports: Ports,
  judged: Judged,
  exhibit: { digest: string },
  started: readonly Started[],
): string {
  const words = started.map(({ step, prompt }) => [
    step.id,
    step.command ?? null,
    aroundOf(step),
    prompt === undefined ? null : ports.sha256(prompt),
    doesOf(judged.plan, step.id),
  ]);
  return ports.sha256(JSON.stringify([exhibit.digest, startsOf(ports, judged, started), words]));
}

/** The gates before some steps, however far, that nobody has approved yet; in the order of the file. */
export function gatesBefore({ plan, run }: Pick<State, "plan" | "run">, ids: readonly string[]): string[] {
  const open = (plan.sequence.gates ?? []).filter(({ id }) => run.gates.get(id)?.status !== "APPROVED");
  if (open.length === 0) return [];
  const before = upstream(plan.graph, ...ids);
  return open.map(({ id }) => id).filter((id) => before.has(id));
}

/** The same of each of many steps. */
export function gatesBeforeEach(
  { plan, run }: Pick<State, "plan" | "run">,
  ids: readonly string[],
): GoesOn[] {
  const open = (plan.sequence.gates ?? []).filter(({ id }) => run.gates.get(id)?.status !== "APPROVED");
  const below = open.map(({ id }) => ({ id, steps: downstream(plan.graph, id) }));
  return ids.map((step) => ({
    step,
    gates: below.flatMap(({ id, steps }) => (steps.has(step) ? [id] : [])),
  }));
}

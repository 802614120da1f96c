import type { Graph } from "../sequence/graph";
import type { Recorded } from "./fact";

/** An attempt that ended well, as journals tell of it. */
export interface Past {
  step: string;
  ms: number;
  /** In USD; null where nobody told of any. */
  cost: number | null;
}

/** What starting steps is likely to take, by what they took before. */
export interface Expected {
  /** From the first start to the last end, in ms; null if nothing is known of any step. */
  ms: number | null;
  /** In USD; null if no agent among them has told of its cost before. */
  cost_usd: number | null;
  /** How many attempts of the past this is taken from. */
  attempts: number;
  /** Steps without a past of their own, which another one's by the same agent stands for. */
  by_agent: string[];
  /** Steps of which nothing is known: what they take comes on top. */
  without_history: string[];
}

/** A step that is about to be started; `agent` is null for a command. */
interface Starting {
  id: string;
  agent: string | null;
}

/** The attempts of a journal that ended well, in order. */
export function pastOf(facts: readonly Recorded[]): Past[] {
  const began = new Map<string, number>();
  const past: Past[] = [];
  for (const fact of facts) {
    if (fact.type === "attempt.started") began.set(`${fact.step}/${fact.attempt}`, Date.parse(fact.ts));
    if (fact.type !== "attempt.exited" || fact.code !== 0 || fact.invalid !== undefined) continue;
    const from = began.get(`${fact.step}/${fact.attempt}`);
    if (from === undefined) continue;
    const ms = Math.max(0, Date.parse(fact.ts) - from);
    past.push({ step: fact.step, ms, cost: fact.agent?.costUsd ?? null });
  }
  return past;
}

/**
 * What starting these steps is likely to take: for each the median of its own past, else of the steps that the same agent
 * ran. Time is the longest chain among them, or all their work shared by as many as may run at once, whichever is longer.
 */
export function expectedOf(
  starts: readonly Starting[],
  past: readonly Past[],
  agents: ReadonlyMap<string, string | null>,
  { nodes }: Pick<Graph, "nodes">,
  maxConcurrent: number,
): Expected | null {
  if (starts.length === 0) return null;
  const used = new Set<Past>();
  const by_agent: string[] = [];
  const without_history: string[] = [];
  const times = new Map<string, number>();
  const costs: number[] = [];
  for (const { id, agent } of starts) {
    const own = past.filter(({ step }) => step === id);
    const alike = agent === null ? [] : past.filter(({ step }) => agents.get(step) === agent);
    const known = own.length > 0 ? own : alike;
    if (known.length === 0) without_history.push(id);
    else times.set(id, median(known.map(({ ms }) => ms)));
    if (own.length === 0 && alike.length > 0) by_agent.push(id);
    const told = known.flatMap(({ cost }) => (cost === null ? [] : [cost]));
    if (agent !== null && told.length > 0) costs.push(median(told));
    for (const one of known) used.add(one);
  }
  const work = [...times.values()].reduce((sum, ms) => sum + ms, 0);
  const ms = Math.max(longestChain(nodes, times), work / Math.max(1, maxConcurrent));
  return {
    ms: times.size === 0 ? null : Math.round(ms),
    cost_usd: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0),
    attempts: used.size,
    by_agent,
    without_history,
  };
}

/** The middle one of some numbers; of an even count, what lies between the two. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
}

/** The longest time of steps that wait for one another. No recursion: chains may be long. */
function longestChain(nodes: Graph["nodes"], times: ReadonlyMap<string, number>): number {
  const ends = new Map<string, number>();
  const open = [...times.keys()];
  while (open.length > 0) {
    const id = open.at(-1) as string;
    const needs = (nodes.get(id)?.needs ?? []).filter((need) => nodes.has(need));
    const missing = ends.has(id) ? [] : needs.filter((need) => !ends.has(need));
    if (missing.length > 0) open.push(...missing);
    else {
      open.pop();
      ends.set(id, (times.get(id) ?? 0) + Math.max(0, ...needs.map((need) => ends.get(need) ?? 0)));
    }
  }
  return Math.max(0, ...ends.values());
}

import { buildGraph, type Graph } from "../sequence/graph";
import type { Sequence, Step } from "../sequence/schema";
import type { SubSequences } from "../sequence/subs";

/** Limits in force for a run: the narrower of policy.yaml and the sequence's own. */
export interface Limits {
  maxConcurrent: number;
  timeoutDefaultMs: number | undefined;
  /** How long a stopped tree may take to end by itself before it is killed, in ms. */
  graceMs: number;
  /** Most instances a step may have. */
  maxFanout?: number;
  /** Most steps that a boss may add in one run. */
  maxOrchestrated?: number;
}

/** What the engine follows: a valid definition with everything it needs derived once. */
export interface Plan {
  revision: string;
  sequence: Sequence;
  graph: Graph;
  /** Step ids in the fixed order in which equals are started: higher priority first, then file order. */
  order: string[];
  /** Whether any step can end without being started, so that it has to be looked for. */
  judged: boolean;
  /** Steps that run in rounds. */
  loops: string[];
  /** Steps that watch over another. */
  watchdogs: string[];
  /** Digest of each step's definition. */
  digests: Map<string, string>;
  /** Digest of what of it reaches what is run, where that is not all of it. */
  does: Map<string, string>;
  limits: Limits;
  /** Files that steps run in their place, where there are any. */
  subs?: SubSequences;
  /** The plan without instances, where a run has added some. */
  authored?: Plan;
  /** Which instances were added; plans of the same one and the same of these are the same. */
  expanded?: string;
}

type Digest = (text: string) => string;

/** The plan that was derived last of a sequence: who serves a page asks for it at every look. */
const derived = new WeakMap<Sequence, { plan: Plan; limits: string; digest: Digest }>();

/** Derives a plan; `digest` hashes a text. The same of everything gives the same plan. */
export function makePlan(sequence: Sequence, revision: string, limits: Limits, digest: Digest): Plan {
  const known = derived.get(sequence);
  const limited = JSON.stringify(limits);
  if (known?.plan.revision === revision && known.limits === limited && known.digest === digest)
    return known.plan;
  const plan = freshPlan(sequence, revision, limits, digest);
  derived.set(sequence, { plan, limits: limited, digest });
  return plan;
}

function freshPlan(sequence: Sequence, revision: string, limits: Limits, digest: Digest): Plan {
  const steps = sequence.steps ?? [];
  const digests = new Map(steps.map((step) => [step.id, digestOf(step, digest)]));
  const told = steps.filter((step) => untold.some((key) => step[key] !== undefined));
  const does = new Map(told.map((step) => [step.id, digest(JSON.stringify(withoutUntold(step)))]));
  return derivePlan(sequence, revision, limits, digests, does);
}

const digested = new WeakMap<Step, { said: string; by: Digest }>();

/** An edit leaves nearly all steps the same objects. */
function digestOf(step: Step, digest: Digest): string {
  const before = digested.get(step);
  if (before?.by === digest) return before.said;
  const said = digest(JSON.stringify(step));
  digested.set(step, { said, by: digest });
  return said;
}

/**
 * Keys of which nothing reaches a command, its environment, its prompt, its inputs or what its result has to fit: they say
 * what people call a step, and when, how often and how long it is tried.
 */
const untold = [
  "name",
  "description",
  "tags",
  "group_id",
  "fail_policy",
  "priority",
  "concurrency_group",
  "continue_on_error",
  "retry",
  "resume",
  "timeout_ms",
  "idle_timeout_ms",
  "idempotent",
  "on_success",
  "on_failure",
  "finally",
] as const satisfies readonly (keyof Step)[];

function withoutUntold(step: Step): Step {
  const bare = { ...step };
  for (const key of untold) delete bare[key];
  return bare;
}

/** Digest of what of a step reaches what is run. */
export function doesOf({ digests, does }: Plan, id: string): string {
  return does.get(id) ?? digests.get(id) ?? "";
}

/** Whether a step's newest attempt was started on what it would run now. A journal that tells no more of it holds the digest of all keys. */
export function isAsItRan(plan: Plan, id: string, { definition, does = definition }: Ran): boolean {
  return definition === plan.digests.get(id) || does === doesOf(plan, id);
}

type Ran = { definition?: string | undefined; does?: string | undefined };

/** The same where the steps' digests are known. */
export function derivePlan(
  sequence: Sequence,
  revision: string,
  limits: Limits,
  digests: Map<string, string>,
  does: Map<string, string> = new Map(),
): Plan {
  const steps = sequence.steps ?? [];
  const order = steps.map((step) => step.id);
  if (steps.some((step) => step.priority)) {
    const priority = new Map(steps.map((step) => [step.id, step.priority ?? 0]));
    order.sort((a, b) => (priority.get(b) ?? 0) - (priority.get(a) ?? 0));
  }
  const judged = steps.some(
    (step) =>
      step.when !== undefined ||
      step.for_each !== undefined ||
      step.sequence !== undefined ||
      step.watchdog_for !== undefined ||
      step.orchestrator !== undefined ||
      (step.fanout ?? 1) > 1 ||
      (step.on_success ?? step.on_failure ?? step.finally) !== undefined,
  );
  const loops = steps.filter((step) => step.loop !== undefined).map((step) => step.id);
  const watchdogs = steps.filter((step) => step.watchdog_for !== undefined).map((step) => step.id);
  return {
    revision,
    sequence,
    graph: buildGraph(sequence),
    order,
    judged,
    loops,
    watchdogs,
    digests,
    does,
    limits,
  };
}

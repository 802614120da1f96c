import { downstream, upstream } from "../sequence/graph";
import { instancesOf, withInstances } from "./fan";
import { isPursued } from "./join";
import { doesOf, type Plan } from "./plan";
import { type GateRun, isActive, type Run, type StepRun, stepRun } from "./run";
import { askedBelow } from "./unlocked";

/** A file that a gate shows. `sha256` is hex; `traces` tell that it is untouched without reading it. */
export interface ShownFile {
  name: string;
  size: number;
  sha256: string;
  traces?: string;
}

/** A step that a gate shows: how it stands, what it was, and what its newest attempt left. */
export interface ShownStep {
  step: string;
  attempt: number;
  /** How that attempt ended; `open` while it has not, or another is to follow. */
  standing: string;
  /** Digest of what of its definition is run. */
  definition: string;
  /** Why its result is not what it would come to now, as the end of a sentence. */
  stale?: string;
  files: ShownFile[];
}

/** A step that starts on an approval. */
export interface ShownStart {
  step: string;
  /** Its newest attempt at that time; 0 if it had none. */
  attempt: number;
  /** Digest of what of its definition is run. */
  definition: string;
}

/** All that a gate shows, and so all that its approval is bound to. */
export interface Exhibit {
  /** Digest of what the gate itself says and asks. */
  gate: string;
  steps: ShownStep[];
  /** What was to start, where it is that of an approval. */
  starts?: ShownStart[];
  /** SHA-256 over what the gate says and the steps it shows, hex. */
  digest: string;
}

/** What is hashed: traces are a matter of this machine only. */
export function exhibitText(run: string, id: string, { gate, steps }: Omit<Exhibit, "digest">): string {
  const bare = steps.map(({ files, ...step }) => [
    step.step,
    step.attempt,
    step.standing,
    step.definition,
    files.map(({ name, size, sha256 }) => [name, size, sha256]),
  ]);
  return JSON.stringify([run, id, gate, bare]);
}

/** The steps a gate shows, those that run as instances with them; the steps it waits for if it names none. */
export function shownBy(run: Run, plan: Plan, id: string): string[] {
  const node = plan.graph.nodes.get(id);
  if (node?.kind !== "gate") return [];
  const named = node.gate.shows ?? node.needs;
  const steps = named.filter((each) => plan.graph.nodes.get(each)?.kind === "step");
  return [...new Set(steps.flatMap((step) => [step, ...instancesOf(run, step)]))];
}

/** The same for people, one thing a line. */
export function exhibitLines({ steps }: Exhibit): string[] {
  return steps.flatMap(({ step, attempt, standing, stale, files }) => [
    attempt === 0 ? `${step}: ${standing}, it left nothing` : `${step}: attempt ${attempt}, ${standing}`,
    ...(stale === undefined ? [] : [`${step}: stale, ${stale}`]),
    ...files.map(({ name, size, sha256 }) => `${step}: ${name}, ${size} bytes, sha256 ${sha256}`),
  ]);
}

/** A step that is shown, on one line: how it stands, and what it left by name. */
export function exhibitLine({ step, attempt, standing, stale, files }: ShownStep): string {
  const stands = attempt === 0 ? `${standing}, it left nothing` : `attempt ${attempt}, ${standing}`;
  const left = files.length === 0 ? "" : `; it left ${files.map(({ name }) => name).join(", ")}`;
  return `${step}: ${stands}${stale === undefined ? "" : `, stale: ${stale}`}${left}`;
}

const ends: StepRun["phase"][] = ["done", "failed", "canceled", "skipped"];

/** How a step stands, as far as it matters to who looks at its results. */
export function standingOf(state: StepRun): string {
  return ends.includes(state.phase) ? state.phase : "open";
}

/** What is not as it was approved, each as the end of a sentence; empty if all of it is. */
export function exhibitChanges(before: Omit<Exhibit, "digest">, now: Omit<Exhibit, "digest">): string[] {
  const changes = before.gate === now.gate ? [] : ["what the gate says or asks changed since the approval"];
  const fresh = new Map(now.steps.map((step) => [step.step, step]));
  for (const old of before.steps) {
    const step = fresh.get(old.step);
    fresh.delete(old.step);
    if (!step) changes.push(`\`${old.step}\` is not shown any more`);
    else changes.push(...stepChanges(old, step));
  }
  for (const id of fresh.keys()) changes.push(`\`${id}\` was not shown at the approval`);
  return changes;
}

function stepChanges(old: ShownStep, now: ShownStep): string[] {
  const name = `\`${now.step}\``;
  const changes =
    old.definition === now.definition ? [] : [`${name}'s definition changed since the approval`];
  if (old.attempt !== now.attempt)
    return [...changes, `${name} ran again since the approval (attempt ${now.attempt})`];
  if (old.standing !== now.standing)
    changes.push(
      now.standing === "open"
        ? `${name} was asked for again since the approval`
        : `${name} ended since the approval`,
    );
  const files = new Map(now.files.map((file) => [file.name, file]));
  for (const file of old.files) {
    const found = files.get(file.name);
    files.delete(file.name);
    if (!found) changes.push(`${name}'s ${file.name} is gone since the approval`);
    else if (found.size !== file.size || found.sha256 !== file.sha256)
      changes.push(`${name}'s ${file.name} changed since the approval`);
  }
  for (const added of files.keys()) changes.push(`${name}'s ${added} was added since the approval`);
  return changes;
}

/** What an approval of a gate is bound to beside what the gate shows: the steps that start on it, now or later. */
export function startsOn(run: Run, plan: Plan, gate: string): ShownStart[] {
  return askedBelow(run, plan, gate).map((step) => ({
    step,
    attempt: stepRun(run, step).attempt,
    definition: doesOf(plan, step),
  }));
}

/** What would be started on an approval otherwise than it was given for, each as the end of a sentence. */
export function startChanges(run: Run, plan: Plan, { starts = [] }: Exhibit): string[] {
  return starts
    .filter(({ step, definition }) => plan.digests.has(step) && doesOf(plan, step) !== definition)
    .filter((start) => isToStart(run, start))
    .map(({ step }) => `\`${step}\`, which starts on it, changed since the approval`);
}

/** How a step that starts on a gate differs from what the approval that fell was given for. */
export type StartNews = "changed" | "new";

/** Steps that start on a gate otherwise than they did by the approval of it that fell, or did not start by that one; none where none fell. */
export function startNews(run: Run, plan: Plan, gate: string): Map<string, StartNews> {
  const shown = run.gates.get(gate)?.fell?.shown;
  if (!shown) return new Map();
  const before = new Map(shown.starts?.map(({ step, definition }) => [step, definition]));
  return new Map(
    startsOn(run, plan, gate)
      .filter(({ step, definition }) => before.get(step) !== definition)
      .map(({ step }) => [step, before.has(step) ? "changed" : "new"]),
  );
}

/** Whether a step has not begun since then, or some of what it runs as has not, and still is to. */
function isToStart(run: Run, { step, attempt }: ShownStart): boolean {
  const state = stepRun(run, step);
  if (state.phase !== "expanded") return state.attempt === attempt && isPursued(run, state);
  return withInstances(run, step).some((one) => {
    const instance = stepRun(run, one);
    return instance.attempt === 0 && isPursued(run, instance);
  });
}

/** Whether a step below a gate could still be started, now or in the very turn in which its attempt ends. */
function mayStart(run: Run, plan: Plan, id: string): boolean {
  const state = stepRun(run, id);
  if (state.phase === "done") return plan.loops.includes(id);
  return isPursued(run, state) || ["idle", "failed", "canceled", "expanded"].includes(state.phase);
}

/** Everything above what may still be started, or approved. Asked in every turn, so it is one walk for all gates. */
function aboveOpen(run: Run, plan: Plan): Set<string> {
  const above = new Set<string>();
  for (const node of plan.graph.nodes.values()) {
    const isOpen =
      node.kind === "gate" ? run.gates.get(node.id)?.status !== "APPROVED" : mayStart(run, plan, node.id);
    if (isOpen) for (const need of node.needs) above.add(need);
  }
  return upstream(plan.graph, ...above);
}

/** Approvals that something may still be started on, however far below them, with what they are bound to. */
export function heldApprovals(run: Run, plan: Plan): [id: string, gate: GateRun & { shown: Exhibit }][] {
  const held: [string, GateRun & { shown: Exhibit }][] = [];
  if (run.canceled) return held;
  let above: Set<string> | undefined;
  for (const [id, gate] of run.gates) {
    const { shown } = gate;
    if (gate.status !== "APPROVED" || !shown || plan.graph.nodes.get(id)?.kind !== "gate") continue;
    above ??= aboveOpen(run, plan);
    if (above.has(id)) held.push([id, { ...gate, shown }]);
  }
  return held;
}

/** Approved gates that wait for this one directly: what they were approved on went with it. */
export function gatesBehind(run: Run, plan: Plan, id: string): string[] {
  return (plan.graph.dependents.get(id) ?? []).filter(
    (each) => plan.graph.nodes.get(each)?.kind === "gate" && run.gates.get(each)?.status === "APPROVED",
  );
}

/** Steps below a gate that were started on its approval, however far down. */
export function startedBelow(run: Run, plan: Plan, id: string): string[] {
  return [...downstream(plan.graph, id)].filter((step) => {
    const state = stepRun(run, step);
    return state.attempt > 0 && (isActive(state) || ["done", "failed"].includes(state.phase));
  });
}

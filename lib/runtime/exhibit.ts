import {
  type Exhibit,
  exhibitChanges,
  exhibitText,
  gatesBehind,
  heldApprovals,
  type ShownFile,
  type ShownStep,
  shownBy,
  standingOf,
  startChanges,
  startedBelow,
} from "../core/engine/exhibit";
import type { Fact } from "../core/engine/fact";
import { expandPlan } from "../core/engine/fan";
import { doesOf, type Plan } from "../core/engine/plan";
import { applyFact, copyRun, type GateRun, type Run, stepRun } from "../core/engine/run";
import { explainStale, staleness } from "../core/engine/stale";
import { isOver } from "../core/engine/status";
import type { News } from "../core/engine/step";
import type { Ports } from "./ports";

/** What has to be looked at in the world. */
type World = Pick<Ports, "artifacts" | "sha256" | "now">;

/** What the engine writes of an agent, beside the note that one ran; a step without an agent may name a result so. */
const [agentNote, agentUsage] = ["agent.json", "usage.json"];
/** What the engine itself writes beside a step's results, and what only tells how it went. */
const unshown = new Set(["status.json", "stderr.log", agentNote]);
/** Files of one step that are listed one by one; what is beyond is bound to in one digest. */
const maxListed = 100;

/** All that a gate shows this moment, with the digest that an approval is bound to. `known` spares reading what is untouched since then. */
export function exhibitOf(ports: World, run: Run, plan: Plan, id: string, known?: Exhibit): Exhibit {
  const node = plan.graph.nodes.get(id);
  const { name, description, shows, questions } = node?.kind === "gate" ? node.gate : { name: "" };
  const gate = ports.sha256(JSON.stringify([name, description ?? null, shows ?? null, questions ?? null]));
  const steps = shownBy(run, plan, id).map((step): ShownStep => {
    const state = stepRun(run, step);
    const { attempt } = state;
    const definition = doesOf(plan, step);
    const before = known?.steps.find((each) => each.step === step && each.attempt === attempt);
    const files = attempt === 0 ? [] : filesOf(ports, run.id, step, attempt, before?.files ?? []);
    const stale = staleness(run, plan, step);
    return {
      ...{ step, attempt, standing: standingOf(state), definition, files },
      ...(stale ? { stale: explainStale(stale) } : {}),
    };
  });
  return { gate, steps, digest: ports.sha256(exhibitText(run.id, id, { gate, steps })) };
}

function filesOf(
  { artifacts, sha256 }: World,
  run: string,
  step: string,
  attempt: number,
  known: readonly ShownFile[],
): ShownFile[] {
  const byName = new Map(known.map((file) => [file.name, file]));
  const left = artifacts.list(run, step, attempt);
  const isAgent = left.some(({ name }) => name === agentNote);
  const files = left
    .filter(({ name }) => !unshown.has(name) && !(isAgent && name === agentUsage))
    .flatMap(({ name }): ShownFile[] => {
      const found = artifacts.digest(run, step, attempt, name, byName.get(name));
      return found ? [{ ...found, name }] : [];
    });
  if (files.length <= maxListed) return files;
  const rest = files.slice(maxListed);
  const digest = sha256(JSON.stringify(rest.map((file) => [file.name, file.size, file.sha256])));
  const size = rest.reduce((sum, file) => sum + file.size, 0);
  return [...files.slice(0, maxListed), { name: `${rest.length} more files`, size, sha256: digest }];
}

/** What makes approvals void that something may still be started on: what was shown is not what stands there, or their time is over. */
function voidsIn(ports: World, run: Run, plan: Plan): Fact[] {
  const held = heldApprovals(run, plan);
  if (held.length === 0 || isOver(run, plan)) return [];
  const voids = new Map<string, string[]>();
  for (const [id, gate] of held) {
    const changed = [
      ...exhibitChanges(asNamedNow(plan, gate.shown), exhibitOf(ports, run, plan, id, gate.shown)),
      ...startChanges(run, plan, gate.shown),
      ...expiry(run, plan, id, gate, ports.now()),
    ];
    if (changed.length > 0) voids.set(id, changed);
  }
  for (const id of voids.keys())
    for (const next of gatesBehind(run, plan, id))
      if (!voids.has(next)) voids.set(next, [`gate \`${id}\` before it has to be decided again`]);
  return [...voids].map(([gate, changed]) => ({
    type: "gate.voided",
    gate,
    changed,
    stale: startedBelow(run, plan, gate),
  }));
}

/** The same once the news is folded in: asked right before anything is started. */
export function voidsAfter(ports: World, run: Run, plan: Plan, news: readonly News[]): Fact[] {
  const isBound = [...run.gates.values()].some(({ shown }) => shown);
  if (!isBound && !news.some(({ fact }) => fact.type === "gate.approved")) return [];
  const after = copyRun(run);
  for (const { fact, at } of news) applyFact(after, fact, at);
  return voidsIn(ports, after, expandPlan(plan, after));
}

/** An approval of a time when a step's digest was made over all its keys, told by the digest of today where nothing changed. */
function asNamedNow(plan: Plan, shown: Exhibit): Exhibit {
  const steps = shown.steps.map((step) =>
    step.definition === plan.digests.get(step.step) ? { ...step, definition: doesOf(plan, step.step) } : step,
  );
  return { ...shown, steps };
}

function expiry(run: Run, plan: Plan, id: string, { at }: GateRun, now: number): string[] {
  const node = plan.graph.nodes.get(id);
  const limitMs = node?.kind === "gate" ? node.gate.expires_ms : undefined;
  if (limitMs === undefined || at + limitMs > now || startedBelow(run, plan, id).length > 0) return [];
  return [`the approval expired after ${limitMs} ms in which nothing was started on it`];
}

/** The run as it stands once approvals that are void count for nothing; the same one if there are none. */
export function withVoids(ports: World, run: Run, plan: Plan): { run: Run; voids: Fact[] } {
  const voids = voidsIn(ports, run, plan);
  if (voids.length === 0) return { run, voids };
  const copy = copyRun(run);
  for (const fact of voids) applyFact(copy, fact, ports.now());
  return { run: copy, voids };
}

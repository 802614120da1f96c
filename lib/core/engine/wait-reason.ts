import { waitsForCall } from "./handler";
import { joinOf, sortNeeds } from "./join";
import type { Plan } from "./plan";
import { type Run, stepRun } from "./run";
import type { First, Reason } from "./status";
import { stepIn } from "./step";

/** Every node of a status asks: behind more gates nobody looks for the one that comes first, nor farther back than so many nodes. */
const most = { gates: 16, nodes: 64 };

/** What keeps a node from starting, or null if nothing does. What needs a person's hand is named first. */
export function waitReason(run: Run, plan: Plan, id: string): Reason | null {
  const lack = lackOf(run, plan, id);
  if (lack?.code !== "waiting_gate" || lack.on.length > most.gates) return lack;
  const asks = lack.on.filter((gate) => lackOf(run, plan, gate) === null);
  if (asks.length > 0)
    return { code: lack.code, on: [...asks, ...lack.on.filter((gate) => !asks.includes(gate))] };
  const first = firstBefore(run, plan, lack.on);
  return first ? { ...lack, first } : lack;
}

/** What is to be decided or done before any of these gates asks. */
function firstBefore(run: Run, plan: Plan, gates: readonly string[]): First | undefined {
  const found: Record<First["kind"], Set<string>> = {
    asks: new Set(),
    held_back: new Set(),
    failed: new Set(),
    step: new Set(),
  };
  const queue = new Set(gates);
  for (const id of queue) {
    if (queue.size > most.nodes) return undefined;
    const isGate = plan.graph.nodes.get(id)?.kind === "gate";
    const stands = isGate || ["idle", "waiting"].includes(stepRun(run, id).phase);
    const lack = stands ? lackOf(run, plan, id) : null;
    if (lack === null) found[isGate ? "asks" : "step"].add(id);
    else if (lack.code === "gate_blocked") for (const gate of lack.on) found.held_back.add(gate);
    else if (lack.code === "dep_failed") for (const step of lack.on) found.failed.add(step);
    else if ("on" in lack) for (const need of lack.on) queue.add(need);
  }
  for (const kind of ["asks", "held_back", "failed", "step"] as const)
    if (found[kind].size > 0) return { kind, on: [...found[kind]] };
  return undefined;
}

function lackOf(run: Run, plan: Plan, id: string): Reason | null {
  const call = waitsForCall(run, plan, id);
  if (call !== undefined) return call === "never" ? null : waitsFor(run, plan, id, call);
  const { gates, steps } = sortNeeds(run, plan, id);
  const isAny = joinOf(plan, id) === "any";
  const hasOne = isAny && steps.done.length > 0;
  if (steps.failed.length > 0 && !(isAny && (hasOne || steps.open.length > 0)))
    return { code: "dep_failed", on: steps.failed };
  if (gates.blocked.length > 0) return heldBack(run, gates.blocked);
  if (steps.open.length > 0 && !hasOne)
    return { code: isAny ? "waiting_any" : "waiting_deps", on: steps.open };
  if (isAny && !hasOne && steps.borne.length > 0) return { code: "dep_failed", on: steps.borne };
  return gates.pending.length > 0 ? { code: "waiting_gate", on: gates.pending } : null;
}

/** One gate that was rejected says what for; of several all are named. */
function heldBack(run: Run, on: string[]): Reason {
  const { by = "", rejected } = run.gates.get(on[0] ?? "") ?? {};
  return on.length === 1 && rejected !== undefined
    ? { code: "gate_blocked", on, rejected: { by, reason: rejected } }
    : { code: "gate_blocked", on };
}

function waitsFor(run: Run, plan: Plan, id: string, on: string[]): Reason {
  const step = stepIn(plan, id);
  if (step?.watchdog_for !== undefined) return { code: "waiting_watched", on };
  if (step?.orchestrator === undefined || plan.graph.triggers.has(id)) return { code: "waiting_call", on };
  const { phase } = stepRun(run, step.orchestrator);
  return { code: phase === "failed" || phase === "canceled" ? "boss_failed" : "waiting_boss", on };
}

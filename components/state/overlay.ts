import { modelOf } from "../../lib/core/sequence/effective";
import { needsOf } from "../../lib/core/sequence/graph";

import type { Gate, Sequence, Step } from "../../lib/core/sequence/schema";
import { marksOf } from "../../lib/core/views/marks";
import type { GateState, StatusDocument, StepState } from "./wire";

/** The status as it will look once an edit is saved: the same runs and times, laid over the edited sequence. */
export function overlayStatus(status: StatusDocument, sequence: Sequence): StatusDocument {
  const steps = new Map(status.steps.map((step) => [step.id, step]));
  const gates = new Map(status.gates.map((gate) => [gate.id, gate]));
  return {
    ...status,
    name: sequence.name,
    steps: [
      ...(sequence.steps ?? []).map((step) => ({
        ...(steps.get(step.id) ?? newStep(step.id, needsOf(step))),
        ...ofStep(sequence, step),
      })),
      // The file does not name what a run added to it.
      ...status.steps.filter((step) => step.of !== undefined),
    ],
    gates: (sequence.gates ?? []).map((gate) => ({
      ...(gates.get(gate.id) ?? newGate(gate.id)),
      ...ofGate(gate),
    })),
  };
}

function ofStep(sequence: Sequence, step: Step) {
  const marks = marksOf(sequence, step);
  return {
    name: step.name ?? step.id,
    type: step.type ?? "base",
    model: modelOf(sequence, step),
    depends_on: needsOf(step),
    group_id: step.group_id ?? null,
    marks: Object.keys(marks).length > 0 ? marks : undefined,
  };
}

function ofGate(gate: Gate) {
  return { name: gate.name, depends_on: gate.depends_on ?? [], shows: gate.shows ?? [] };
}

const saving = (id: string) => `'${id}' is being saved.`;

function newStep(id: string, needs: string[]): StepState {
  return {
    id,
    name: id,
    type: "base",
    model: "shell",
    status: needs.length > 0 ? "BLOCKED" : "READY",
    reason: null,
    why: saving(id),
    attempt: 0,
    started_at: null,
    ended_at: null,
    exit_code: null,
    stale: false,
    depends_on: needs,
    group_id: null,
  };
}

function newGate(id: string): GateState {
  return {
    id,
    name: id,
    status: "PENDING",
    reason: null,
    why: saving(id),
    depends_on: [],
    shows: [],
    sent_back: 0,
    takes: [],
  };
}

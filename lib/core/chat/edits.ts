import { type Clause, stepOf } from "./clause";
import { agentName } from "./place";
import { call, propose, type Reading } from "./reading";

/** A change of one step. */
export function stepEdit(id: string, change: Record<string, unknown>, ...says: string[]): Reading {
  return propose([call("step.edit", { id, ...change })], ...says);
}

/** A step is run by an agent or has a command, never both. */
export function modelEdit(clause: Clause, id: string, said: string): Reading {
  const hasCommand = stepOf(clause.world, id)?.command !== undefined;
  return stepEdit(id, { model: agentName(said), ...(hasCommand ? { unset: ["command"] } : {}) });
}

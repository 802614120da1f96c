import { err } from "../result";
import type { Plan } from "./plan";
import type { Run } from "./run";
import { stepStatus } from "./status";
import { explain } from "./why";

/** The refusal for a step that has left nothing in a run: it was skipped, it waits, or nobody has asked for it. */
export function neverRan(run: Run, plan: Plan, id: string, engineAlive: boolean) {
  const view = stepStatus(run, plan, id, engineAlive);
  const why = explain(view).replace(`'${id}' `, "").replace(/\.$/, "");
  if (view.status === "SKIPPED") return err({ code: "step.never_ran", id, skipped: why });
  const isFree = view.reason === null || view.reason.code === "not_requested";
  return err({ code: "step.never_ran", id, ...(isFree ? {} : { waits: why }) });
}

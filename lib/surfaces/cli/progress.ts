import { sayDuration } from "../../core/duration";
import type { Plan } from "../../core/engine/plan";
import { stepStatus } from "../../core/engine/status";
import { explain } from "../../core/engine/why";
import { isStopped, statusWord } from "../../core/views/status-word";
import type { OnLook } from "../../runtime/follow";
import { lookOf, safe } from "./paint";
import type { Answering } from "./say";

/** Prints a line whenever a step that is waited for comes to a new status worth telling. */
export function progressPrinter(answering: Answering, pursued: string[] | null, calledAt: number): OnLook {
  const { shell, paint } = answering;
  const wanted = pursued && new Set(pursued);
  let known: { plan: Plan; width: number } | undefined;
  const said = new Map<string, string>();
  let first = true;
  const told = new Set(["RUNNING", "STOPPING", "RETRYING", "DONE", "FAILED", "SKIPPED", "CANCELED"]);
  return (run, plan, touched) => {
    const ids = pursued ?? plan.order;
    if (known?.plan !== plan)
      known = { plan, width: Math.min(36, Math.max(...ids.map((id) => id.length), 2)) };
    const { width } = known;
    for (const id of touched ?? ids) {
      if (!plan.graph.nodes.has(id) || !(wanted?.has(id) ?? true)) continue;
      const view = stepStatus(run, plan, id, true);
      const key = `${view.status} ${view.attempt}`;
      const before = said.get(id);
      said.set(id, key);
      // What was already over when one joined is no news.
      if (
        before === key ||
        !told.has(view.status) ||
        (first && view.endedAt !== null && view.endedAt < calledAt)
      )
        continue;
      const stands = { status: view.status, reason: view.reason?.code ?? null };
      const word = statusWord(stands);
      const { glyph, tone } = lookOf(word, "step");
      const took =
        view.endedAt !== null && view.startedAt !== null
          ? paint("dim", sayDuration(view.endedAt - view.startedAt))
          : "";
      const why =
        (view.status === "FAILED" && !isStopped(stands)) || view.status === "RETRYING"
          ? `– ${safe(explain(view).replace(/^'[^']*' (?:failed: )?|\.$/g, ""))}`
          : "";
      const attempt = view.attempt > 1 ? paint("dim", `(attempt ${view.attempt})`) : "";
      const line = [paint(tone, glyph), id.padEnd(width), paint(tone, word.toLowerCase()), took, attempt, why]
        .filter(Boolean)
        .join(" ");
      shell.out(`${line.trimEnd()}\n`);
    }
    first = false;
  };
}

import { countOf } from "../../core/count";
import type { StatusDoc } from "../../core/views/status";
import { isStopped } from "../../core/views/status-word";
import { isConsequence } from "../../core/views/waiting";
import type { FollowEnd } from "../../runtime/follow";
import { safe } from "./paint";
import type { Answering } from "./say";
import { withoutSubject } from "./table";

/** How a run that was followed ended, and what a person does next. */
export function closing(
  doc: StatusDoc,
  end: FollowEnd,
  answering: Answering,
  pursued: string[] | null,
): string {
  const { paint } = answering;
  const count = (status: string) => doc.counts[status] ?? 0;
  const skipped = count("SKIPPED") > 0 ? `, ${count("SKIPPED")} skipped` : "";
  if (end === "done" && pursued !== null) return `${paint("green", "✓ done")}  ${pursued.join(", ")}\n`;
  if (end === "done")
    return `${paint("green", "✓ done")}  ${count("DONE")} of ${countOf(doc.counts.total ?? 0, "step")}${skipped}\n`;
  const left = waiting(doc, answering, pursued);
  // Whoever asked for a part is told of that part.
  if (end === "failed") return failed(doc, answering, pursued) + (pursued === null ? left : "");
  return `${paint("magenta", "◇ waits for a person")}  ${count("DONE")} of ${countOf(doc.counts.total ?? 0, "step")} ${doc.counts.total === 1 ? "is" : "are"} done\n${left}`;
}

/** Reasons of which a step's own output tells more than `why` does. */
const tellsItself = new Set<string | null>(["exit", "timeout", "idle_timeout", "agent_error"]);

function failed(doc: StatusDoc, { paint }: Answering, pursued: string[] | null): string {
  const steps = doc.steps
    .filter((step) => pursued?.includes(step.id) ?? true)
    .filter((step) => step.status === "FAILED" || step.status === "CANCELED");
  // What a person ended did not fail.
  if (steps.some(isStopped) && steps.every(({ reason }) => reason === "stopped"))
    return `${paint("gray", "■ stopped")}  ${steps.map(({ id }) => id).join(", ")}\n`;
  const first = steps.find(({ reason }) => !isConsequence(reason)) ?? steps[0];
  const where = tellsItself.has(first?.reason ?? null)
    ? `logs ${first?.id} --stream stderr`
    : `why ${first?.id}`;
  const look = first ? `; see \`seqctl ${where}\`` : "";
  return `${paint("red", "✗ failed")}  ${steps.map(({ id }) => id).join(", ")}${look}\n`;
}

/** What only a person can settle: gates to decide on, and steps that have nothing to run. */
function waiting(doc: StatusDoc, { paint }: Answering, pursued: string[] | null): string {
  const gates = doc.gates
    .filter((gate) => gate.reason === "waiting_human" || gate.status === "BLOCKED")
    .map((gate) => {
      const blocked = gate.status === "BLOCKED" ? " (blocked)" : "";
      return `  ${paint("magenta", "◇")} ${gate.id}: ${safe(gate.name)}${blocked}; seqctl gate approve ${gate.id}\n`;
    });
  const empty = doc.steps
    .filter((step) => step.reason === "nothing_to_run" && (pursued?.includes(step.id) ?? true))
    .map(({ id, why }) => `  ${paint("magenta", "○")} ${id} ${withoutSubject(why, id)}\n`);
  return [...gates, ...empty].join("");
}

import type { GateStatusDoc } from "../../core/views/status";
import type { ProposalDoc } from "../../runtime/proposal-doc";
import { safeForTerminal } from "./paint";
import type { Answering } from "./say";
import { columnsOf } from "./table";

/** What waits for a person: gates, then proposals with all that they would change and start. */
export function inboxText(
  doc: { gates: GateStatusDoc[]; proposals: ProposalDoc[] },
  { paint }: Answering,
): string {
  const gates = doc.gates.map((gate) => [
    paint("magenta", "◇ gate"),
    gate.id,
    safe(gate.name),
    paint("dim", `seqctl gate approve ${gate.id}`),
  ]);
  const blocks = doc.proposals.map((proposal) => {
    const { id, summary, actor, state, problem, lines, changed } = proposal;
    const isOver = state === "stale" || state === "blocked";
    const next = paint("dim", state === "stale" ? `seqctl reject ${id}` : `seqctl approve ${id}`);
    const mark = state === "ready" ? "" : `  ${paint("yellow", state)}`;
    const head = `${paint("magenta", "◆ proposal")}  ${id}  ${safe(`${summary} (by ${actor})`)}  ${next}${mark}`;
    const notes = isOver ? [safe(problem ?? "")] : changed.map((line) => `changed: ${safe(line)}`);
    return [
      head,
      ...lines.map((line) => `    ${safe(line)}`),
      ...notes.map((n) => `    ${paint("yellow", n)}`),
    ];
  });
  if (gates.length + blocks.length === 0) return "nothing waits for you\n";
  const table = gates.length === 0 ? [] : [columnsOf(gates)];
  return `${[...table, ...blocks.flat()].join("\n")}\n`;
}

const safe = (text: string) => safeForTerminal(text, false);

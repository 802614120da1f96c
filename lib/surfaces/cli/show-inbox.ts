import type { InboxFailure, InboxGate } from "../../core/views/inbox";
import type { ProposalDoc } from "../../runtime/proposal-doc";
import { type Paint, safeForTerminal } from "./paint";
import type { Answering } from "./say";
import { spread } from "./spread";
import { columnsOf, withoutSubject } from "./table";

/** What waits for a person: gates and failed steps, then proposals with all that they would change and start. */
export function inboxText(
  doc: { gates: InboxGate[]; failed: InboxFailure[]; proposals: ProposalDoc[] },
  { paint }: Answering,
): string {
  const gates = doc.gates.map((gate) => [
    paint("magenta", "◇ gate"),
    gate.id,
    safe(gate.reason === "rejected" ? `${gate.name}; ${withoutSubject(gate.why, gate.id)}` : gate.name),
    paint("dim", gate.next[0] ?? ""),
  ]);
  const failed = doc.failed.map(({ id, why, blocks, next }) => [
    paint("red", "✗ step"),
    id,
    safe(`${withoutSubject(why, id)}${blocks > 0 ? `; holds up ${blocks}` : ""}`),
    paint("dim", next.join("; ")),
  ]);
  const rows = [...gates, ...failed];
  const table = rows.length === 0 ? [] : [columnsOf(rows)];
  const blocks = doc.proposals.flatMap((proposal) => proposalLines(proposal, paint));
  if (rows.length + blocks.length === 0) return "nothing waits for you\n";
  return `${[...table, ...blocks].join("\n")}\n`;
}

function proposalLines(proposal: ProposalDoc, paint: Paint): string[] {
  const { id, summary, actor, state, lines, changed, next } = proposal;
  const mark = state === "ready" ? "" : `  ${paint("yellow", state)}`;
  const word = state === "moved" ? "" : `  ${paint("dim", next[0] ?? "")}`;
  const head = `${paint("magenta", "◆ proposal")}  ${id}  ${safe(`${summary} (by ${actor})`)}${word}${mark}`;
  const notes = [standing(proposal), ...changed.map((line) => `changed: ${line}`)];
  return [
    head,
    ...lines.map((line) => `    ${spread(line, "      ", paint).join("\n")}`),
    ...notes.flatMap((note) => (note === undefined ? [] : [`    ${paint("yellow", safe(note))}`])),
    ...(state === "moved" ? [`    ${paint("dim", `to have it so all the same: ${next[0]}`)}`] : []),
  ];
}

/** What its state means, where it is another than ready. */
function standing({ state, problem }: ProposalDoc): string | undefined {
  switch (state) {
    case "ready":
      return undefined;
    case "moved":
      return "it would now do something else than when it was proposed:";
    case "stale":
      return `nothing is left to do: ${problem}`;
    case "blocked":
      return `refused as things stand: ${problem}`;
  }
}

const safe = (text: string) => safeForTerminal(text, false);

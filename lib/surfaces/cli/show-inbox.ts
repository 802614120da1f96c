import { sayStart } from "../../core/policy/asked";
import type { InboxFailure, InboxGate } from "../../core/views/inbox";
import { isPast } from "../../core/views/proposal";
import type { ProposalDoc } from "../../runtime/proposal-doc";
import { type Paint, safe } from "./paint";
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
    safe(
      [
        gate.reason === "rejected" ? `${gate.name}; ${withoutSubject(gate.why, gate.id)}` : gate.name,
        ...staleIn(gate),
      ].join("; "),
    ),
    paint("dim", `seqctl gate approve ${gate.id}; seqctl gate reject ${gate.id} --reason "…"`),
  ]);
  const then = doc.gates.flatMap(({ id, starts }) =>
    starts.map((start) => `    approving '${id}' starts ${safe(sayStart(start))}`),
  );
  const failed = doc.failed.map(({ id, why, blocks, next }) => [
    paint("red", "✗ step"),
    id,
    safe(`${withoutSubject(why, id)}${blocks > 0 ? `; holds up ${blocks}` : ""}`),
    paint("dim", next.join("; ")),
  ]);
  const rows = [...gates, ...failed];
  const table = rows.length === 0 ? [] : [columnsOf(rows), ...then];
  const past = doc.proposals.filter(isPast);
  const open = doc.proposals.filter((proposal) => !isPast(proposal));
  const blocks = open.flatMap((proposal) => proposalLines(proposal, paint));
  if (rows.length + doc.proposals.length === 0) return "nothing waits for you\n";
  return `${[...table, ...blocks, ...pastLine(past, paint)].join("\n")}\n`;
}

const staleIn = ({ stale = [] }: InboxGate) => stale.map(({ step, why }) => `'${step}' is stale: ${why}`);

/** One line for all of them: what they were about, and what clears them away. */
function pastLine(past: readonly ProposalDoc[], paint: Paint): string[] {
  if (past.length === 0) return [];
  const [number, them] =
    past.length === 1 ? ["1 proposal is", "it"] : [`${past.length} proposals are`, "them"];
  const about = [...new Set(past.map(({ summary }) => summary.replace(/ \(\d+ steps?: .*\)$/, "")))].join(
    ", ",
  );
  const lines = past.map(({ id }) => `seqctl reject ${id}`).join("; ");
  return [
    `${paint("gray", "·")} ${safe(`${number} out of date (${about})`)}; clear ${them} away: ${paint("dim", lines)}`,
  ];
}

function proposalLines(proposal: ProposalDoc, paint: Paint): string[] {
  const { id, summary, actor, state, lines, changed, next, out_of_date, standing, remedy } = proposal;
  const mark = state === "ready" ? "" : `  ${paint("yellow", out_of_date ? "out of date" : state)}`;
  const word = state === "moved" ? "" : `  ${paint("dim", next.join("; "))}`;
  const head = `${paint("magenta", "◆ proposal")}  ${id}  ${safe(`${summary} (by ${actor})`)}${word}${mark}`;
  const said = standing === null ? [] : [changed.length > 0 ? `${standing}:` : standing];
  const notes = [...said, ...changed.map((line) => `changed: ${line}`)];
  return [
    head,
    ...lines.map((line) => `    ${spread(line, "      ", paint).join("\n")}`),
    ...notes.map((note) => `    ${paint("yellow", safe(note))}`),
    ...(state === "moved"
      ? [`    ${paint("dim", `${remedy}; to have it so all the same: ${next[0]}; else: ${next[1]}`)}`]
      : []),
  ];
}

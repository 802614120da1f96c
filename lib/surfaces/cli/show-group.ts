import type { GroupDoc } from "../../core/views/group";
import { statusWord, wordCounts } from "../../core/views/status-word";
import { lookOf, safe } from "./paint";
import type { Answering } from "./say";
import { columnsOf, withoutSubject } from "./table";

/** Each group with its members below it. */
export function groupList(groups: readonly GroupDoc[], { paint }: Answering): string {
  if (groups.length === 0) return "there are no groups; make one: seqctl group parallelize <id> <id> …\n";
  const blocks = groups.map((group) => {
    const counts = Object.entries(wordCounts(group.members)).map(([status, n]) => `${n} ${status}`);
    const rows = group.members.map((step) => {
      const word = statusWord(step);
      const { glyph, tone } = lookOf(word, "step");
      const why = step.status === "DONE" ? "" : safe(withoutSubject(step.why, step.id));
      return [`  ${paint(tone, `${glyph} ${word}`)}`, step.id, paint("dim", why)];
    });
    return `${paint("bold", group.id)}  ${paint("dim", `${group.fail_policy}  ${counts.join("  ")}`)}\n${columnsOf(rows)}\n`;
  });
  return blocks.join("\n");
}

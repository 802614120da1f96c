import type { Question } from "../state/call";

/** What the button says that agrees: what is done by it. */
export function actName({ summary, about, act }: Question): string {
  if (act !== undefined) return act;
  const parts = about?.parts ?? [];
  const steps = [...new Set(about?.starts.map(({ step }) => step) ?? [])];
  const runs = steps.length === 1 ? `run step ${steps[0]}` : `run ${steps.length} steps`;
  const [only] = parts;
  if (parts.length > 1) {
    const changes = parts.filter(({ risk }) => risk !== "run").length;
    const isRun = changes < parts.length && steps.length > 0;
    const gone = removed(parts);
    // Arrows that go with a removal are no more than what it takes.
    const more = parts.filter(
      ({ action, risk }) => !action.startsWith("dep.") && risk !== "run" && risk !== "remove",
    ).length;
    const lost = gone.length === 1 ? gone[0] : `remove ${gone.length} steps or gates`;
    const said =
      gone.length === 0
        ? `make ${changes === 1 ? "the change" : `${changes} changes`}`
        : `${lost}${more === 0 ? "" : ` and make ${more === 1 ? "another change" : `${more} more changes`}`}`;
    return capital(isRun ? (changes === 0 ? runs : `${said} and ${runs}`) : said);
  }
  if (only?.action === "run.start" && steps.length > 0) return capital(runs);
  if (only?.action === "step.rerun" && steps.length > 0) return capital(`re-${runs}`);
  const said = shortened((only?.summary ?? summary).split(", because: ")[0] ?? summary);
  return capital(byAction[only?.action ?? ""]?.(said) ?? (said.length <= longest ? said : "do it"));
}

/** A summary without the steps that it starts: the list below names them. */
export const shortened = (summary: string) => summary.replace(/ \(\d+ steps?: [^()]*\)$/, "");

/** What is removed by several calls; to cut an arrow is no removal of anything. */
export const removed = (parts: NonNullable<Question["about"]>["parts"]): string[] =>
  parts.flatMap(({ action, summary, risk }) =>
    risk === "remove" && !action.startsWith("dep.") ? [summary] : [],
  );

const longest = 44;
/** Where what is done takes more words than a button has room for. */
const byAction: Record<string, (summary: string) => string> = {
  "policy.mode": (summary) => summary.replace("to mode ", "to "),
  "step.edit": (summary) => summary.replace(/^change .* of (step .*)$/, "change $1"),
  "gate.edit": (summary) => summary.replace(/^change .* of (gate .*)$/, "change $1"),
  "prompt.edit": (summary) => summary.replace(/ \(\d+ characters\)$/, ""),
  "gate.reject": (summary) => summary.replace(" and send the work back to ", ", back to "),
  "sequence.write": () => "replace the text",
  "fusion.pick": () => "bring the changes in",
};

/** Why a person is asked, as a sentence; the words of rules stay as they are. */
export function whySaid(why: string): string {
  const said = reasons[why] ?? why.replace(/\.$/, "");
  return `${capital(said)}.`;
}

const reasons: Record<string, string> = {
  "mode SAFE": "in SAFE mode you are asked once before anything starts or is applied",
  "it removes something": "what removes something is asked about twice",
  "it loosens the rules": "what loosens the rules is asked about twice",
  "it starts something": "the chat asks before it starts anything",
  "it stops something": "the chat asks twice before it stops anything",
  "it was proposed": "it was proposed, and a person decides",
  "an agent asked": "an agent asks for it, and a person decides",
};

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

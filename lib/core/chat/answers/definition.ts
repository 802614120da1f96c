import type { FieldChange, NodeChange, SequenceDiff } from "../../sequence/diff";
import type { ProblemDoc } from "../../views/problem";
import { block, cite, code, count, type Doc, list, moment, parts, rowsOf, upper, words } from "./markdown";

/** The sequence as it is written. */
export function saySequence({ text, revision }: Doc): string {
  return parts(
    `${code("sequence.yaml:1")}, revision ${code(String(revision).slice(0, 12))}:`,
    block(String(text), "yaml", "beginning"),
  );
}

/** The file as it stands, also where it can't be read. */
export function sayText({ text, revision, fault }: Doc): string {
  const { message, hint, line } = (fault ?? {}) as { message?: string; hint?: string | null; line?: number };
  const said = `${words(message ?? "")}${hint ? `; ${words(hint)}` : ""}`;
  return parts(
    ...(fault === null ? [] : [`${code(`sequence.yaml:${line}`)} is wrong: ${said}`]),
    saySequence({ text: text ?? null, revision: revision ?? null }),
  );
}

/** What undo and redo would do. */
export function sayHistory({ undo, redo }: Doc): string {
  const say = (verb: string, of: unknown) => {
    const { change, by } = (of ?? {}) as { change?: string; by?: string };
    return of === null
      ? `There is nothing to ${verb}.`
      : `${upper(verb)} would change this: ${words(change ?? "")}, by ${words(by ?? "")}.`;
  };
  return `${say("undo", undo)} ${say("redo", redo)}`;
}

/** What is wrong with the files. */
export function sayProblems({ problems }: Doc): string {
  const all = rowsOf<ProblemDoc>(problems);
  if (all.length === 0) return "All is well: nothing is wrong with the file.";
  const errors = all.filter(({ severity }) => severity === "error").length;
  const place = ({ file, line }: ProblemDoc) =>
    line === null
      ? code(file)
      : file.endsWith("sequence.yaml")
        ? code(`sequence.yaml:${line}`)
        : code(`${file}:${line}`);
  return `${upper(count(errors, "error"))} and ${count(all.length - errors, "warning")}:\n${list(
    all.map(
      (one) =>
        `${one.severity}, ${place(one)}: ${words(one.message)}${one.hint === null ? "" : `; ${words(one.hint)}`}`,
    ),
  )}`;
}

interface Revision {
  digest: string;
  by: { seq: number; ts: string; actor: string; action: string; target: string | null } | null;
}

/** What a change has changed. */
export function sayDiff(doc: Doc): string {
  const { fields, nodes, reordered } = doc as unknown as SequenceDiff;
  const { by, digest } = doc.to as Revision;
  const who =
    by === null
      ? "What stands in the file now is not recorded yet."
      : `${words(by.actor)} did ${words(by.action)}${by.target === null ? "" : ` (${words(by.target)})`}, ${moment(by.ts)}, ${code(`audit #${by.seq}`)}.`;
  const lines = [
    ...fields.map((field) => `the sequence: ${change(field)}`),
    ...nodes.map(nodeLine),
    ...(reordered ? ["steps or gates were moved in the file"] : []),
  ];
  return parts(
    `${who} From ${code(String((doc.from as Revision).digest).slice(0, 12))} to ${code(digest.slice(0, 12))}:`,
    lines.length === 0 ? "No difference in what the sequence says." : list(lines),
  );
}

const signs = { added: "+", removed: "−", changed: "~" } as const;

function nodeLine({ kind, id, change: how, fields }: NodeChange): string {
  const told =
    how === "changed"
      ? fields.map(change)
      : fields
          .filter(({ field }) => field !== "id")
          .map(({ field, before, after }) => `${field} ${value(how === "added" ? after : before)}`);
  return `${signs[how]} ${how === "removed" ? `${kind} ${words(id)}` : cite(kind, id)}${how === "changed" ? "" : ` ${how}`}${told.length > 0 ? `: ${told.join("; ")}` : ""}`;
}

const change = ({ field, before, after }: FieldChange) => `${field} ${value(before)} → ${value(after)}`;

function value(said: unknown): string {
  if (said === null || said === undefined) return "–";
  if (Array.isArray(said) && said.every((one) => typeof one === "string")) return code(said.join(" "));
  const text = typeof said === "string" ? said : JSON.stringify(said);
  return code(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}

/** Where nodes were put by hand. */
export function sayLayout(doc: Doc): string {
  const places = Object.entries((doc.positions ?? {}) as Record<string, { x: number; y: number }>);
  const folded = rowsOf<string>(doc.collapsed);
  return parts(
    places.length === 0
      ? "The canvas places everything by itself."
      : `${upper(count(places.length, "place"))} set by hand, all else is placed by itself:\n${list(places.map(([id, { x, y }]) => `${words(id)} at ${Math.round(x)}, ${Math.round(y)}`))}`,
    folded.length > 0 && `Shown as one box: ${words(folded.join(", "))}.`,
  );
}

import type { Json } from "../../core/json";
import type { FieldChange, NodeChange } from "../../core/sequence/diff";
import { isEmptyDiff } from "../../core/sequence/diff";
import type { DiffDoc, Revision } from "../../runtime/revisions";
import { type Paint, safeForTerminal } from "./paint";
import type { Answering } from "./say";

/** What changed, node by node and field by field. */
export function diffText(doc: DiffDoc, { paint }: Answering): string {
  const left =
    doc.skipped === undefined
      ? ""
      : `${paint("yellow", `left out ${doc.skipped.slice(0, 12)}: it was no valid sequence`)}\n`;
  const head = `${paint("dim", revision(doc.from))}\n${paint("dim", revision(doc.to))}\n${left}`;
  if (isEmptyDiff(doc)) return `${head}\nno difference in what the sequence says\n`;
  const blocks = doc.nodes.map((node) => nodeText(node, paint));
  if (doc.fields.length > 0)
    blocks.unshift(`${paint("yellow", "~ sequence")}\n${fields(doc.fields, "changed", paint)}`);
  if (doc.reordered) blocks.push(`${paint("yellow", "~ order")}  steps or gates were moved in the file\n`);
  return `${head}\n${blocks.join("\n")}`;
}

function revision({ digest, by }: Revision): string {
  const who = by
    ? `${by.ts.replace("T", " ").slice(0, 19)}  ${by.actor}  ${by.action}${by.target === null ? "" : ` ${by.target}`}`
    : "as it stands in the file, not recorded yet";
  return `${digest.slice(0, 12)}  ${safeForTerminal(who, false)}`;
}

const marks = { added: ["+", "green"], removed: ["-", "red"], changed: ["~", "yellow"] } as const;

function nodeText(node: NodeChange, paint: Paint): string {
  const [mark, tone] = marks[node.change];
  return `${paint(tone, `${mark} ${node.kind} ${node.id}`)}\n${fields(node.fields, node.change, paint)}`;
}

function fields(changes: readonly FieldChange[], change: NodeChange["change"], paint: Paint): string {
  const lines = changes.map(({ field, before, after }) => {
    const name = paint("dim", `    ${field}:`);
    if (change === "added") return `${name} ${said(after)}`;
    if (change === "removed") return `${name} ${said(before)}`;
    return `${name} ${delta(before, after, paint)}`;
  });
  return lines.map((line) => `${line}\n`).join("");
}

/** Lists of names as what came and went; anything else as before → after. */
function delta(before: Json, after: Json, paint: Paint): string {
  const [old, now] = [namesIn(before), namesIn(after)];
  if (old && now && new Set(old).size === old.length && new Set(now).size === now.length) {
    const gone = old.filter((name) => !now.includes(name)).map((name) => paint("red", `-${name}`));
    const come = now.filter((name) => !old.includes(name)).map((name) => paint("green", `+${name}`));
    if (gone.length + come.length > 0) return safe([...gone, ...come].join(" "));
  }
  return `${paint("red", said(before))} → ${paint("green", said(after))}`;
}

const safe = (text: string) => safeForTerminal(text, true);

function namesIn(value: Json): string[] | undefined {
  if (value === null) return [];
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
}

function said(value: Json): string {
  if (value === null) return "–";
  return safeForTerminal(typeof value === "string" ? value : JSON.stringify(value), false);
}

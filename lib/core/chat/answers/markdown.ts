import { severalOf } from "../../count";
import { sayDuration } from "../../duration";
import { plainLine, settleReturns } from "../../terminal-text";
import { unseen } from "../prompt";

/** A view's document, its parts looked at one by one. */
export type Doc = Record<string, unknown>;

/** Most rows of a table or list; what is more is counted. */
const mostRows = 30;
const mostChars = 6000;

/** Text from elsewhere in the middle of a sentence: on one line, and nothing in it becomes a link, a picture or HTML. */
export function words(value: unknown): string {
  return plain(value)
    .replace(/\s+/g, " ")
    .trim()
    .replaceAll("`", "'")
    .replace(/[\\*<>|[\]~]|(?<!\w)_|_(?!\w)/g, "\\$&");
}

/** Text from elsewhere as code: commands, paths, names. */
export function code(value: unknown): string {
  const text = plain(value).replace(/\s+/g, " ").trim().replaceAll("`", "'");
  return text === "" ? "–" : `\`${text}\``;
}

/** What a person sees of a value that is a text, and its JSON where it is none. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return "–";
  return plainLine(typeof value === "string" ? value : JSON.stringify(value)).replace(unseen, "");
}

/** A text of many lines as it is; of a long one its end, or its beginning. */
export function block(text: string, language = "", keep: "end" | "beginning" = "end"): string {
  const all = settleReturns(text).split("\n").map(plainLine).join("\n").replace(unseen, "").trimEnd();
  const shown = keep === "end" ? all.slice(-mostChars) : all.slice(0, mostChars);
  const cut = all.length > shown.length ? `\n\n(${all.length - shown.length} characters more.)` : "";
  return `\`\`\`${language}\n${shown.replaceAll("```", "'''")}\n\`\`\`${cut}`;
}

/** Lines with a dash; what is too much is counted. */
export function list(items: readonly string[], most = mostRows): string {
  const more = items.length > most ? [`- and ${items.length - most} more`] : [];
  return [...items.slice(0, most).map((item) => `- ${item}`), ...more].join("\n");
}

/** A table; columns in which nothing stands are left out. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = heads.map((_, at) => rows.some((row) => (row[at] ?? "") !== ""));
  const line = (cells: readonly string[]) => `| ${cells.filter((_, at) => used[at]).join(" | ")} |`;
  // A bar inside of code ends its cell as well.
  const safe = (cell: string) => cell.replace(/(?<!\\)\|/g, "\\|");
  const more = rows.length > mostRows ? [`\n(${rows.length - mostRows} more.)`] : [];
  return [
    line(heads),
    line(heads.map(() => "---")),
    ...rows.slice(0, mostRows).map((row) => line(row.map(safe))),
    ...more,
  ].join("\n");
}

/** Parts of an answer, a blank line between them; empty ones are left out. */
export const parts = (...all: (string | false | undefined)[]) => all.filter(Boolean).join("\n\n");

/** A number of things in words. */
export function count(number: number, what: string, several = severalOf(what)): string {
  return `${number === 0 ? "no" : number} ${number === 1 ? what : several}`;
}

/** A sentence begins with a capital. */
export const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** A duration in a person's units. */
export const duration = (ms: unknown): string => sayDuration(typeof ms === "number" ? ms : 0);

/** A moment, given in ms since the epoch or as ISO 8601; always in UTC. */
export function moment(at: unknown): string {
  if (typeof at !== "number" && typeof at !== "string") return "–";
  const iso = typeof at === "number" ? new Date(at).toISOString() : at;
  return `${iso.replace("T", " ").slice(0, 19)} UTC`;
}

/** Bytes in a person's units. */
export function bytes(size: unknown): string {
  const all = Number(size);
  if (all < 1024) return count(all, "byte");
  return all < 1_048_576 ? `${(all / 1024).toFixed(1)} KiB` : `${(all / 1_048_576).toFixed(1)} MiB`;
}

/** `3 DONE, 1 FAILED`. */
export const counted = (counts: Record<string, number>) =>
  Object.entries(counts)
    .filter(([key, number]) => key !== "total" && number > 0)
    .map(([key, number]) => `${number} ${key}`)
    .join(", ");

/** Lists of objects, as documents hold them. */
export const rowsOf = <T = Doc>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : []);

/** What opens the place where a step or gate is written. */
export const cite = (kind: "step" | "gate", id: unknown) => code(`${kind} ${String(id)}`);

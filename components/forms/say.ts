import { sayDuration } from "../state/duration";
import type { FieldSpec } from "./schema";

/** What a field is for, as a sentence; of a time in ms how long that is. */
export function hintSaid({ key, kind, hint }: FieldSpec, text: string): string | undefined {
  const ms = key.endsWith("_ms") && kind === "number" && text.trim() !== "" ? Number(text) : Number.NaN;
  const said = hint === undefined ? [] : [sentence(hint.replaceAll("`", ""))];
  if (Number.isFinite(ms) && ms >= 1000) said.push(`That is ${sayDuration(ms)}.`);
  return said.length === 0 ? undefined : said.join(" ");
}

/** What an empty field shows. */
export const placeholderOf = ({ example }: FieldSpec): string | undefined =>
  example === undefined ? undefined : `e.g. ${example}`;

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

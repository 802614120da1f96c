import { labelOf } from "../forms/label";
import type { Typed } from "./typed";

/** All that was typed for a node and not saved, by what it was typed into. */
export interface Words {
  fields: Record<string, Typed>;
  prompt: Typed | null;
  yaml: Typed | null;
  gate: { answers: Record<string, string>; reason: string } | null;
}

/** What was typed, each under what it was typed into. */
export function listed({ fields, prompt, yaml, gate }: Words): { label: string; text: string }[] {
  return [
    ...(prompt ? [{ label: "Text of the prompt", text: prompt.text }] : []),
    ...Object.entries(fields).map(([key, { text }]) => ({ label: labelOf(key), text })),
    ...(yaml ? [{ label: "YAML", text: yaml.text }] : []),
    ...Object.entries(gate?.answers ?? {}).map(([id, text]) => ({ label: `Answer to ${id}`, text })),
    ...(gate?.reason ? [{ label: "Reason", text: gate.reason }] : []),
  ];
}

/** The same as one text, for the clipboard: what stands alone needs no title. */
export function asText(words: { label: string; text: string }[]): string {
  const [only] = words;
  if (only && words.length === 1) return only.text;
  return words.map(({ label, text }) => `${label}:\n${text}\n`).join("\n");
}

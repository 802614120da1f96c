import { renderFailure } from "../core/failure-table";
import { ok, type Result } from "../core/result";
import type { Ports } from "./ports";

/** The text of the definition as it stands in the file, whatever it says. */
export interface TextDoc {
  /** Its digest, which a text that takes its place is based on. */
  revision: string;
  text: string;
  /** What keeps it from being read; line and column count from 1, length in characters. */
  fault: {
    code: string;
    message: string;
    hint: string | null;
    line: number;
    column: number;
    length: number;
  } | null;
}

/** The text as it stands, with its fault. */
export function textDoc(ports: Ports): Result<TextDoc> {
  const source = ports.definition.loadText();
  if (!source.ok) return source;
  const { text, digest: revision } = source.value;
  const checked = ports.definition.check(text);
  if (checked.ok) return ok({ revision, text, fault: null });
  const { code, place } = checked.failure;
  const { message, hint } = renderFailure(checked.failure);
  const { line = 1, column = 1, length = 1 } = place ?? {};
  return ok({ revision, text, fault: { code, message, hint: hint ?? null, line, column, length } });
}

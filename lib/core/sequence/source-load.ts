import type { Json } from "../json";
import { ok, type Result } from "../result";
import { readPlain } from "./source-plain";

/** Reads as `readSource` does, but loads the YAML library (15 ms) only for a text that needs it. */
export async function loadSource(text: string, file: string): Promise<Result<Json>> {
  const value = readPlain(text);
  if (value !== undefined) return ok(value);
  const { readFull } = await import("./source-full");
  return readFull(text, file);
}

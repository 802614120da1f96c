import type { Json } from "../../core/json";
import { err, ok, type Result } from "../../core/result";
import { bodyTooLarge, MAX_BODY_BYTES } from "./guard";
import { refuse } from "./refusal";

const MAX_DEPTH = 32;

/** A request's body as a JSON object: capped while it arrives, strict UTF-8, and never deeper than anything we read. */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
): Promise<Result<{ [key: string]: Json }>> {
  const text = await readText(body);
  return text.ok ? parseObject(text.value) : text;
}

async function readText(body: ReadableStream<Uint8Array> | null): Promise<Result<string>> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  try {
    for await (const chunk of body ?? []) {
      size += chunk.byteLength;
      if (size > MAX_BODY_BYTES) return err(bodyTooLarge());
      text += decoder.decode(chunk, { stream: true });
    }
    return ok(text + decoder.decode());
  } catch {
    return err(refuse(400, "the body broke off or is not valid UTF-8"));
  }
}

function parseObject(text: string): Result<{ [key: string]: Json }> {
  if (depthOf(text) > MAX_DEPTH)
    return err(refuse(400, `the body is nested deeper than ${MAX_DEPTH} levels`));
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return ok(value as { [key: string]: Json });
    }
  } catch {
    return err(refuse(400, "the body is not valid JSON"));
  }
  return err(refuse(400, "the body must be a JSON object"));
}

/** How deep a text's brackets go, without parsing it: a parser's own stack is what deep nesting attacks. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [mark] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (mark === "{" || mark === "[") deepest = Math.max(deepest, ++depth);
    else if (mark === "}" || mark === "]") depth--;
  }
  return deepest;
}

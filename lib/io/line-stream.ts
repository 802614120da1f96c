import type { Readable } from "node:stream";

/**
 * The lines of a stream, a last one without an end too. They end at byte 10 and nowhere else: readline also ends them at
 * U+2028 and U+2029, which JSON leaves as they are within a text.
 */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let parts: string[] = [];
  for await (const text of stream.setEncoding("utf8") as AsyncIterable<string>) {
    const [first = "", ...rest] = text.split("\n");
    parts.push(first);
    for (const next of rest) {
      yield parts.join("");
      parts = [next];
    }
  }
  const last = parts.join("");
  if (last !== "") yield last;
}

import { expect, test } from "bun:test";
import { appendChunk, type LogTail, readOn } from "../../components/state/log-tail";

/** A file on the server, read as the `logs` view reads: at most `limit` bytes from `from`, negative from the end. */
function file(limit = 64 * 1024) {
  let bytes = new Uint8Array();
  const asked: number[] = [];
  return {
    asked,
    write: (text: string) => {
      bytes = Uint8Array.from([...bytes, ...new TextEncoder().encode(text)]);
    },
    replace: (text: string) => {
      bytes = new TextEncoder().encode(text);
    },
    read: async (from: number) => {
      asked.push(from);
      const start = from < 0 ? Math.max(0, bytes.length + from) : Math.min(from, bytes.length);
      const part = bytes.slice(start, start + limit);
      return { size: bytes.length, from: start, bytes: part.length, text: new TextDecoder().decode(part) };
    },
  };
}

test("it begins near the end, then reads only what is new", async () => {
  const log = file();
  log.write("one\n");
  let tail: LogTail = await readOn(undefined, log.read);
  log.write("zwei ü\n");
  tail = await readOn(tail, log.read);
  tail = await readOn(tail, log.read);
  expect(tail).toEqual({ text: "one\nzwei ü\n", from: 0, next: 12 });
  expect(log.asked).toEqual([-65536, 4, 12]);
});

test("several reads follow one another until the end is reached", async () => {
  const log = file(8);
  let tail = await readOn(undefined, log.read);
  log.write("12345678abcdefgh!");
  tail = await readOn(tail, log.read);
  expect(tail.text).toBe("12345678abcdefgh!");
});

test("a reader far behind skips to the end", async () => {
  const log = file();
  log.write("old\n");
  let tail = await readOn(undefined, log.read);
  log.write("x".repeat(600_000));
  tail = await readOn(tail, log.read);
  expect(tail).toMatchObject({ from: 600_004 - 65_536, next: 600_004 });
});

test("a file that became shorter is read afresh", async () => {
  const log = file();
  log.write("a long first text");
  const tail = await readOn(undefined, log.read);
  log.replace("new");
  // A read beyond the end starts at the end, which is not where the last one ended.
  expect(await readOn(tail, log.read)).toMatchObject({ next: 3 });
});

test("what is kept is bounded and begins with a whole line", () => {
  const line = `${"x".repeat(99)}\n`;
  const tail = appendChunk(undefined, { size: 250_000, from: 0, bytes: 250_000, text: line.repeat(2500) });
  const more = appendChunk(tail, { size: 300_000, from: 250_000, bytes: 50_000, text: line.repeat(500) });
  expect(more.text.length).toBeLessThanOrEqual(256 * 1024);
  expect(more.text.startsWith("x".repeat(99))).toBe(true);
  expect(more.from + more.text.length).toBe(300_000);
});

import { expect, test } from "bun:test";
import fc from "fast-check";
import { scrubText } from "../../../lib/core/audit/scrub";
import { ScrubbedStream } from "../../../lib/core/chat/scrubbed-stream";

const known = ["correct-horse-battery", "grüße-aus-dem-keller"];
const secrets = [
  ...known,
  "sk-abcdefghijklmnopqrstuvwx",
  "ghp_abcdefghijklmnopqrstuvwxyz0123",
  "AKIAABCDEFGHIJKLMNOP",
  "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl",
];

/** A text in pieces cut at those places, as the stream lets it through. */
function through(text: string, cuts: readonly number[]): string {
  const stream = new ScrubbedStream(known);
  const at = [0, ...[...cuts].map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  return (
    at
      .slice(1)
      .map((end, index) => stream.push(text.slice(at[index], end)))
      .join("") + stream.end()
  );
}

test("each secret, cut at each byte, is gone, and nothing else is", () => {
  for (const secret of secrets) {
    const text = `It is ${secret}, so keep it. A second line.\nEnd`;
    for (let cut = 0; cut <= text.length; cut++) {
      const shown = through(text, [cut]);
      expect(shown).toBe(scrubText(text, known));
      expect(shown).not.toContain(secret.slice(0, 12));
    }
  }
});

test("a key over several lines is held back from its first line on", () => {
  const text =
    "Here:\n-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabcdef\n-----END RSA PRIVATE KEY-----\nThat was it.";
  for (let cut = 0; cut < text.length; cut++) {
    const shown = through(text, [cut, cut + 7]);
    expect(shown).not.toContain("MIIE");
    expect(shown).toContain("That was it.");
  }
});

test("plain text comes through whole, however it is cut", () => {
  const word = fc.stringMatching(/^[a-zäöü一-三]{1,9}$/);
  const text = fc.array(word, { minLength: 1, maxLength: 60 }).map((words) => words.join(" "));
  fc.assert(
    fc.property(text, fc.array(fc.nat(), { maxLength: 12 }), (plain, cuts) => {
      expect(through(plain, cuts)).toBe(plain);
    }),
    { numRuns: 200 },
  );
});

test("what is whole is shown at once, not at the end", () => {
  const stream = new ScrubbedStream([]);
  expect([stream.push("Hello "), stream.push("wor"), stream.push("ld. "), stream.end()]).toEqual([
    "Hello ",
    "",
    "world. ",
    "",
  ]);
});

test("a long answer does not grow dearer with its length", () => {
  const stream = new ScrubbedStream(known);
  const line = "one line of many, each of them as long as this one\n";
  let shown = "";
  for (let index = 0; index < 3000; index++) shown += stream.push(line);
  expect(shown + stream.end()).toBe(line.repeat(3000));
});

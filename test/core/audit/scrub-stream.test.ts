import { describe, expect, test } from "bun:test";
import { holdFrom, scrubbed, scrubPart, scrubText } from "../../../lib/core/audit/scrub";

const known = ["correct horse battery", "s3cr3t-value-of-the-environment"];

/** Texts that hold a secret, and what of it must never be seen. */
const texts: Record<string, [text: string, secret: string]> = {
  "a known value": [`take ${known[1]} and go\n`, known[1] as string],
  "a known value with blanks in it": [`take ${known[0]} and go\n`, known[0] as string],
  "a key by its look": ["see sk-abcdefghij0123456789XYZ here\n", "abcdefghij0123456789XYZ"],
  "a GitHub token": ["ghp_0123456789abcdefghijABCDEFGHIJ012345\n", "0123456789abcdefghijABCDEFGHIJ012345"],
  "a value behind its name": ["password=hunter2secret next\n", "hunter2secret"],
  "a quoted value with blanks": ['api_key: "one two three" next\n', "two"],
  "a word behind its flag": ["curl --token opensesame -v\n", "opensesame"],
  "a bearer": ["Authorization: Bearer abcdefghijklmnop\n", "abcdefghijklmnop"],
  "a password in an address": ["postgres://me:pa55word@db/x\n", "pa55word"],
  "a private key": [
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nq7e8f9a0b1c2d3e4\n-----END RSA PRIVATE KEY-----\nend\n",
    "q7e8f9a0b1c2d3e4",
  ],
};

/** What somebody sees who looks after each write, and once more when all is over. */
function watch(writes: readonly string[]): string {
  let [written, from, seen] = ["", 0, ""];
  for (const write of writes) {
    written += write;
    const to = Math.max(from, holdFrom(written, known));
    seen += scrubPart(written, known, from, to);
    from = to;
  }
  return seen + scrubPart(written, known, from, written.length);
}

const once = (text: string) => text.replace(/(?:•••\n?)+/g, scrubbed);

describe.each(Object.entries(texts))("%s", (_, [text, secret]) => {
  test("that is cut at any place across two writes is never seen, and nothing else is lost", () => {
    for (let at = 0; at <= text.length; at++) {
      const seen = watch([text.slice(0, at), text.slice(at)]);
      expect(seen).not.toContain(secret);
      for (let from = 0; from + 6 <= secret.length; from++)
        expect(seen).not.toContain(secret.slice(from, from + 6));
      // Of a private key the dashes around it may be seen.
      if (!text.startsWith("-----")) expect(once(seen)).toBe(once(scrubText(text, known)));
    }
  });

  test("that comes letter by letter is never seen", () => {
    const seen = watch([...text]);
    for (let from = 0; from + 6 <= secret.length; from++)
      expect(seen).not.toContain(secret.slice(from, from + 6));
  });

  test("of which any part is asked for is not seen in that part", () => {
    for (let from = 0; from < text.length; from++)
      expect(scrubPart(text, known, from, from + 8)).not.toContain(secret.slice(0, 6));
  });
});

describe("what is held back", () => {
  test.each<[string, number]>([
    ["a line\n", 7],
    ["waiting ....", 12],
    ["half a wor", 7],
    ["all correct hor", 4],
    ["", 0],
    [`${"x".repeat(5000)}`, 5000],
  ])("of %j begins at %i", (text, from) => {
    expect(holdFrom(text, known)).toBe(from);
  });
});

describe("a key is no secret by its name alone:", () => {
  test.each([
    ["press any key: then go on", "press any key: then go on"],
    ["monkey=banana", "monkey=banana"],
    ['{"key": "PROJ-12"}', '{"key": "PROJ-12"}'],
    ["primary_key: id, sort-key: name", "primary_key: id, sort-key: name"],
    ["cache-key: npm-linux-x64", "cache-key: npm-linux-x64"],
    ["key=abc123", "key=•••"],
    ["?key=abc&page=2", "?key=•••&page=2"],
    ["SSH_KEY=abc", "SSH_KEY=•••"],
    ["ssh_key: a1b2c3d4e5f6a7b8", "ssh_key: •••"],
    ['{"key": "a1b2c3d4e5f6a7b8"}', '{"key": "•••"}'],
  ])("%s", (text, clean) => {
    expect(scrubText(text, [])).toBe(clean);
  });
});

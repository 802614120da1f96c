import { describe, expect, test } from "bun:test";
import { decodeSource } from "../../../lib/core/sequence/source";

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? [...new TextEncoder().encode(part)] : part)),
  );

function problem(input: Uint8Array): string {
  const result = decodeSource(input, "sequence.yaml");
  if (result.ok || !("problem" in result.failure)) throw new Error("expected a refusal");
  return `${result.failure.code}: ${result.failure.problem}`;
}

describe("decoding a file", () => {
  test("gives its text", () => {
    expect(decodeSource(bytes("name: ünïcode ✓\n"), "f")).toEqual({ ok: true, value: "name: ünïcode ✓\n" });
  });

  test("keeps a byte order mark as part of the text", () => {
    expect(decodeSource(bytes([0xef, 0xbb, 0xbf], "a: 1"), "f")).toEqual({ ok: true, value: "\ufeffa: 1" });
  });

  test("refuses more than 8 MiB, and says how large it is", () => {
    expect(decodeSource(new Uint8Array(8 * 1024 * 1024 + 1).fill(32), "f")).toEqual({
      ok: false,
      failure: {
        code: "sequence.too_large",
        file: "f",
        problem: "it is 8,388,609 bytes long",
        limit: "8 MiB",
      },
    });
    expect(decodeSource(new Uint8Array(8 * 1024 * 1024).fill(32), "f").ok).toBe(true);
  });

  test("refuses UTF-16, with its mark or without", () => {
    for (const start of [
      [0xff, 0xfe],
      [0xfe, 0xff],
      [0x61, 0x00],
      [0x00, 0x61],
    ]) {
      expect(problem(bytes(start, [0x3a, 0x00]))).toContain("sequence.encoding: it looks like UTF-16");
    }
  });

  test("refuses a NUL, and says at which byte", () => {
    expect(problem(bytes("a: x", [0], "y"))).toContain("NUL at byte 4");
  });

  test("refuses invalid UTF-8, and says at which byte", () => {
    expect(problem(bytes("a: ü", [0xff], "y"))).toContain("byte 5 is not valid UTF-8");
    expect(problem(bytes("a: ", [0xc3, 0x28]))).toContain("byte 4 is not valid UTF-8");
    expect(problem(bytes("a: ", [0xed, 0xa0, 0x80]))).toContain("byte 4 is not valid UTF-8");
  });
});

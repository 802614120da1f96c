import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseEntry, startOfChain, verifyLine } from "../../../lib/core/audit/chain";
import { type AuditFacts, chainEntry, genesis } from "../../../lib/core/audit/entry";
import type { Failure } from "../../../lib/core/failure";
import type { Json } from "../../../lib/core/json";
import { holds } from "../rig/holds";
import { sha256 } from "../rig/plans";

const facts: fc.Arbitrary<AuditFacts> = fc
  .record({
    actor: fc.constantFrom("user", "agent:build", "system"),
    surface: fc.constantFrom("cli", "http"),
    action: fc.constantFrom("step.add", "run.start"),
    target: fc.option(fc.string({ unit: "grapheme" })),
    payload: fc.jsonValue().map((value) => value as Json),
    policy_mode: fc.constant("SAFE"),
    result: fc.constantFrom("success", "denied", "error", "pending"),
    error: fc.option(fc.record({ code: fc.string(), message: fc.string() }), { nil: undefined }),
    before: fc.option(fc.string(), { nil: undefined }),
    after: fc.option(fc.string(), { nil: undefined }),
  })
  .map(({ error, before, after, ...rest }) => ({
    ...rest,
    ...(error ? { error } : {}),
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
  }));

const bytesOf = (line: string) => new TextEncoder().encode(line);

function chainOf(all: readonly AuditFacts[]): string[] {
  let prev = genesis;
  return all.map((each, index) => {
    const { line, hash } = chainEntry(each, { seq: index + 1, ts: "2026-01-01T00:00:00.000Z", prev }, sha256);
    prev = hash;
    return line;
  });
}

const fifty = fc.array(facts, { minLength: 50, maxLength: 50, size: "max" }).map(chainOf);

/** The number of the first line that does not verify; undefined if all do. */
function firstBad(lines: readonly string[]): number | undefined {
  let state = startOfChain;
  for (const [index, line] of lines.entries()) {
    const next = verifyLine(state, bytesOf(line), { file: "audit.log", number: index + 1 }, sha256);
    if (!next.ok) {
      const { code, line: number } = next.failure as Extract<Failure, { code: "audit.corrupt" }>;
      expect(code).toBe("audit.corrupt");
      return number;
    }
    state = next.value;
  }
  return undefined;
}

/** Reads a log back as the disk gives it. */
const linesOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes).split("\n");

describe("an audit log of fifty entries", () => {
  test("verifies, and ends in the last entry's hash", () => {
    holds(
      fc.property(fifty, (lines) => {
        let state = startOfChain;
        for (const line of lines) {
          const next = verifyLine(state, bytesOf(line), { file: "audit.log", number: 0 }, sha256);
          if (!next.ok) throw new Error(JSON.stringify(next.failure));
          state = next.value;
        }
        expect(state).toEqual({
          entries: 50,
          seq: 50,
          head: parseEntry(lines[49] as string)?.hash as string,
        });
      }),
      20,
    );
  });

  test("names the line in which any one byte was changed", () => {
    const intact = fc.sample(fifty, { numRuns: 1, seed: 7 })[0] as string[];
    const bytes = new TextEncoder().encode(intact.join("\n"));
    holds(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = bytes.slice();
        changed[at] = (bytes[at] as number) ^ flip;
        const line = bytes.subarray(0, at).filter((byte) => byte === 10).length + 1;
        expect(firstBad(linesOf(changed))).toBe(line);
      }),
      1000,
    );
  });

  test("names the place where entries were removed, doubled or swapped", () => {
    const place = fc.integer({ min: 0, max: 48 });
    holds(
      fc.property(fifty, place, place, (lines, n, m) => {
        expect(firstBad(lines.toSpliced(n, 1))).toBe(n + 1);
        expect(firstBad(lines.toSpliced(n, m - n > 0 ? m - n : 1))).toBe(n + 1);
        expect(firstBad(lines.toSpliced(n, 0, lines[n] as string))).toBe(n + 2);
        const swapped = lines.with(n, lines[n + 1] as string).with(n + 1, lines[n] as string);
        expect(firstBad(swapped)).toBe(n + 1);
      }),
      20,
    );
  });

  test("names the line that was cut short, and any line that was put in", () => {
    holds(
      fc.property(fifty, fc.nat(49), fc.nat(), fc.string({ unit: "binary" }), (lines, n, cut, foreign) => {
        const line = lines[n] as string;
        expect(firstBad([...lines.slice(0, n), line.slice(0, cut % line.length)])).toBe(n + 1);
        expect(firstBad(lines.toSpliced(n, 0, foreign))).toBe(n + 1);
      }),
      30,
    );
  });

  test("can't be continued by an entry made for another place, nor by one with another number", () => {
    holds(
      fc.property(fifty, facts, fc.integer({ min: -3, max: 60 }), (lines, extra, seq) => {
        const head = parseEntry(lines[49] as string)?.hash as string;
        const at = { seq, ts: "2026-01-01T00:00:00.000Z", prev: head };
        expect(firstBad([...lines, chainEntry(extra, at, sha256).line])).toBe(seq === 51 ? undefined : 51);
        const elsewhere = chainEntry(extra, { ...at, seq: 51, prev: sha256("x") }, sha256).line;
        expect(firstBad([...lines, elsewhere])).toBe(51);
      }),
      30,
    );
  });
});

describe("an entry", () => {
  test("is one line whose hash stands last, and reads back as what was written", () => {
    holds(
      fc.property(facts, (each) => {
        const { line, hash } = chainEntry(each, { seq: 1, ts: "t", prev: genesis }, sha256);
        expect(line).not.toContain("\n");
        expect(line.endsWith(`,"hash":"${hash}"}`)).toBe(true);
        const expected: unknown = JSON.parse(
          JSON.stringify({ ...each, seq: 1, ts: "t", prev: genesis, hash }),
        );
        expect(parseEntry(line)).toEqual(expected as never);
      }),
    );
  });

  test("keeps the keys of the contract, in its order", () => {
    const each: AuditFacts = {
      actor: "user",
      surface: "cli",
      action: "step.add",
      target: "a",
      payload: { input: {} },
      policy_mode: "SAFE",
      result: "error",
      error: { code: "dep.cycle", message: "m" },
      before: "b",
      after: "a",
    };
    const { line } = chainEntry(each, { seq: 1, ts: "t", prev: genesis }, sha256);
    const keys =
      "seq ts actor surface action target payload policy_mode result error before after prev hash".split(" ");
    expect(Object.keys(JSON.parse(line))).toEqual(keys);
  });

  test("can't carry keys that would be taken for its own", () => {
    const payload = { prev: genesis, hash: "x".repeat(64), nested: '"prev":"y","hash":"z"}' };
    const each: AuditFacts = {
      actor: "user",
      surface: "cli",
      action: '","prev":"',
      target: null,
      payload,
      policy_mode: "SAFE",
      result: "success",
    };
    expect(firstBad(chainOf([each, each, each]))).toBeUndefined();
  });
});

test.each(["", "{", "null", "[]", '{"seq":1}', `{"seq":1,"prev":"${genesis}","hash":"${genesis}"}`])(
  "%p is no entry that verifies",
  (line) => expect(firstBad([line])).toBe(1),
);

test.each(["{", "{}", "null", "7", '{"seq":1,"action":"a"}', '{"seq":"1","action":"a","actor":"user"}'])(
  "a line that is no entry reads as nothing: %s",
  (line) => expect(parseEntry(line)).toBeUndefined(),
);

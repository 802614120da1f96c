import { afterEach, describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { parseEntry } from "../../../lib/core/audit/chain";
import { type AuditFacts, chainEntry, genesis } from "../../../lib/core/audit/entry";
import { auditFile } from "../../../lib/io/files/audit-file";
import { sha256 } from "../../../lib/io/files/digest";
import { proveAudit } from "../../rig/audit-proof";
import { scratch, sweep } from "../../rig/scratch";

afterEach(sweep);

const facts: AuditFacts = {
  actor: "user",
  surface: "cli",
  action: "step.add",
  target: "a",
  payload: null,
  policy_mode: "SAFE",
  result: "success",
};

/** A log whose segments are full after about three entries. */
function smallLog() {
  const folder = join(scratch(), ".threados");
  fs.mkdirSync(folder);
  const store = auditFile(folder, 1000);
  const add = () => {
    const { last } = store.tail();
    const before = last === undefined ? { seq: 0, hash: genesis } : parseEntry(last);
    const at = { seq: (before?.seq ?? 0) + 1, ts: "2026-01-01T00:00:00.000Z", prev: before?.hash ?? "" };
    const { line, hash } = chainEntry(facts, at, sha256);
    store.append(line, { seq: at.seq, hash, ts: at.ts });
  };
  const lines = () => Array.from(store.forwards(), ({ line }) => line);
  return { folder, store, add, lines };
}

describe("a log that grows", () => {
  test("is closed in segments, and the chain runs through all of them", () => {
    const { folder, store, add, lines } = smallLog();
    const sizes = new Set<number>();
    for (let i = 0; i < 50; i++) {
      add();
      sizes.add(store.size());
      expect(proveAudit(lines())).toBe(i + 1);
    }
    expect(sizes.size).toBe(50);
    expect(fs.readdirSync(folder).filter((name) => /^audit-\d+\.log$/.test(name)).length).toBeGreaterThan(10);
    expect([...store.backwards()].reverse()).toEqual(lines());
    const raw = Array.from(store.raw(), ({ file, number }) => ({ file, number }));
    expect(raw[0]).toEqual({ file: join(folder, "audit-1.log"), number: 1 });
    expect(raw.at(-1)?.file).toBe(store.path);
  });

  test("goes on where it was interrupted: after the rename, before the first entry of the next segment", () => {
    const { folder, store, add, lines } = smallLog();
    for (let i = 0; i < 7; i++) add();
    fs.renameSync(store.path, join(folder, "audit-99.log"));
    expect(parseEntry(store.tail().last ?? "")?.seq).toBe(7);
    expect([...store.backwards()].length).toBe(7);
    add();
    expect(proveAudit(lines())).toBe(8);
  });

  test("shows what was put behind the last line of a closed segment", () => {
    const { folder, store, add } = smallLog();
    for (let i = 0; i < 7; i++) add();
    fs.appendFileSync(join(folder, "audit-1.log"), "more");
    const odd = Array.from(store.raw(), ({ bytes }) => Buffer.from(bytes).toString()).filter(
      (l) => l === "more",
    );
    expect(odd).toEqual(["more"]);
  });

  test("is read whole by somebody who began before it was closed", () => {
    const { store, add } = smallLog();
    for (let i = 0; i < 8; i++) add();
    const reading = store.forwards()[Symbol.iterator]();
    const seen = [reading.next().value];
    for (let i = 0; i < 8; i++) add();
    for (let next = reading.next(); !next.done; next = reading.next()) seen.push(next.value);
    const numbers = seen.map((each) => parseEntry(each?.line ?? "")?.seq ?? 0);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(numbers.length).toBeGreaterThanOrEqual(8);
  });

  test.skipIf(process.platform !== "linux")(
    "leaves no file open, however often somebody asks for its end",
    () => {
      const { store, add } = smallLog();
      for (let i = 0; i < 7; i++) add();
      const count = () => fs.readdirSync("/proc/self/fd").length;
      const before = count();
      for (let i = 0; i < 20; i++) {
        expect(parseEntry(store.tail().last ?? "")?.seq).toBe(7);
        expect(JSON.parse(store.checkpoint() ?? "").seq).toBe(7);
      }
      expect(count()).toBeLessThanOrEqual(before);
    },
  );
});

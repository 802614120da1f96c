import { afterEach, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import type { Recorded } from "../../../lib/core/engine/fact";
import { runFiles } from "../../../lib/io/files/run-files";
import { scratch, sweep } from "../../rig/scratch";

afterEach(sweep);

const [first, second] = ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "01BX5ZZKBKACTAV9WEVGEMMVRZ"];
const fact = (seq: number): Recorded => ({
  seq,
  ts: "2026-01-01T00:00:00.000Z",
  type: "plan.amended",
  revision: `r${seq}€`,
});

test("a run is created once, listed by age, and the newest is the last", () => {
  const folder = scratch();
  const runs = runFiles(folder);
  expect([runs.list(), runs.newest()]).toEqual([[], undefined]);
  for (const run of [second, first]) {
    const journal = runs.create(run);
    journal.append([fact(1)], true);
    journal.close();
  }
  expect([runs.list(), runs.newest()]).toEqual([[first, second], second]);
  expect(() => runs.create(first)).toThrow("EEXIST");
  fs.mkdirSync(join(folder, "runs", "not-a-run"));
  expect(runs.list()).toHaveLength(2);
});

test("a run that has no journal yet, or an empty one, is not the newest", () => {
  const folder = scratch();
  const runs = runFiles(folder);
  const journal = runs.create(first);
  expect(runs.newest()).toBeUndefined();
  journal.append([fact(1)], true);
  journal.close();
  fs.mkdirSync(join(folder, "runs", second));
  expect(runs.newest()).toBe(first);
});

test("news are what others appended since, each fact once, half a line never", () => {
  const folder = scratch();
  const runs = runFiles(folder);
  const mine = runs.create(first);
  const found = runs.open(first);
  if (!found.ok) throw new Error("not found");
  const theirs = found.value;
  const path = join(folder, "runs", first, "events.jsonl");
  mine.append([fact(1), fact(2)], false);
  expect(theirs.news()).toEqual({ ok: true, value: [fact(1), fact(2)] });
  expect(theirs.news()).toEqual({ ok: true, value: [] });
  expect(mine.news()).toEqual({ ok: true, value: [] });
  const bytes = Buffer.from(`${JSON.stringify(fact(3))}\n`);
  // Each byte by itself: also the middle of a character is no line's end.
  for (const byte of bytes.subarray(0, -1)) {
    fs.appendFileSync(path, Buffer.from([byte]));
    expect(theirs.news()).toEqual({ ok: true, value: [] });
  }
  fs.appendFileSync(path, bytes.subarray(-1));
  expect(theirs.news()).toEqual({ ok: true, value: [fact(3)] });
  expect(mine.news()).toEqual({ ok: true, value: [fact(3)] });
  mine.close();
  theirs.close();
});

test("a torn end is cut off before anything is appended behind it", () => {
  const folder = scratch();
  const runs = runFiles(folder);
  const journal = runs.create(first);
  const path = join(folder, "runs", first, "events.jsonl");
  journal.append([fact(1)], true);
  fs.appendFileSync(path, '{"seq":2,"ty');
  expect(journal.news()).toEqual({ ok: true, value: [] });
  expect(journal.repair()).toBe(12);
  expect(journal.repair()).toBe(0);
  journal.append([fact(2)], true);
  journal.close();
  const again = runs.open(first);
  expect(again.ok && again.value.news()).toEqual({ ok: true, value: [fact(1), fact(2)] });
});

test("what is no fact is named with its line", () => {
  const folder = scratch();
  const runs = runFiles(folder);
  const journal = runs.create(first);
  journal.append([fact(1)], true);
  journal.close();
  const path = join(folder, "runs", first, "events.jsonl");
  fs.appendFileSync(path, "not a fact\n");
  const again = runs.open(first);
  expect(again.ok && again.value.news()).toMatchObject({
    ok: false,
    failure: { code: "journal.corrupt", line: 2, file: path },
  });
});

test("only a run's own id opens it, and no link is followed", () => {
  const folder = scratch();
  const runs = runFiles(folder);
  runs.create(first).close();
  for (const id of ["", "..", "../runs", first.toLowerCase(), `${first}/`, second])
    expect(runs.open(id)).toMatchObject({ ok: false, failure: { code: "run.unknown" } });
  const path = join(folder, "runs", first, "events.jsonl");
  fs.renameSync(path, join(folder, "elsewhere"));
  fs.symlinkSync(join(folder, "elsewhere"), path);
  expect(() => runs.open(first)).toThrow("ELOOP");
});

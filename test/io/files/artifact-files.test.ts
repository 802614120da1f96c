import { afterEach, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { artifactFiles, attemptFolder } from "../../../lib/io/files/artifact-files";
import { scratch, sweep } from "../../rig/scratch";

afterEach(sweep);

const run = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

function attempt() {
  const folder = scratch();
  const at = attemptFolder(folder, run, "a", 1);
  fs.mkdirSync(at, { recursive: true });
  return { at, store: artifactFiles(folder, () => folder), folder };
}

test("a file is read from any place, also counted from its end", () => {
  const { at, store } = attempt();
  fs.writeFileSync(join(at, "f.txt"), "0123456789");
  const text = (from: number, limit: number) => {
    const read = store.read(run, "a", 1, "f.txt", from, limit);
    return read.ok
      ? [Buffer.from(read.value.bytes).toString(), read.value.from, read.value.size]
      : read.failure.code;
  };
  expect(text(0, 100)).toEqual(["0123456789", 0, 10]);
  expect(text(3, 4)).toEqual(["3456", 3, 10]);
  expect(text(-3, 100)).toEqual(["789", 7, 10]);
  expect(text(-100, 2)).toEqual(["01", 0, 10]);
  expect(text(50, 2)).toEqual(["", 10, 10]);
  expect(text(0, 0)).toEqual(["", 0, 10]);
});

test("links, pipes, folders, devices and paths are refused, and nobody waits at a pipe", () => {
  const { at, store, folder } = attempt();
  fs.writeFileSync(join(folder, "secret"), "s");
  fs.symlinkSync(join(folder, "secret"), join(at, "link"));
  fs.symlinkSync("/dev/zero", join(at, "zero"));
  execFileSync("mkfifo", [join(at, "pipe")]);
  fs.mkdirSync(join(at, "sub"));
  const names = [
    "link",
    "zero",
    "pipe",
    "sub",
    "missing",
    "../secret",
    "../../../../../secret",
    "/etc/passwd",
    "a/b",
    "",
    ".",
    "..",
    ".hidden",
    "a\0b",
    "x".repeat(200),
  ];
  for (const name of names)
    expect([name, store.read(run, "a", 1, name, 0, 10)]).toMatchObject([
      name,
      { ok: false, failure: { code: "artifact.unknown" } },
    ]);
  expect(store.list(run, "a", 1)).toEqual([]);
});

test("run, step and attempt are names and numbers, never paths", () => {
  const { at, store } = attempt();
  fs.writeFileSync(join(at, "f"), "x");
  for (const [r, s, n] of [
    ["..", "a", 1],
    [run, "..", 1],
    [run, "a/attempts/1/..", 1],
    [run, "a", 1.5],
    [run, "a", Number.NaN],
    [run, "a", 2],
  ] as const) {
    expect(store.read(r, s, n, "f", 0, 10)).toMatchObject({ ok: false });
    expect(store.list(r, s, n)).toEqual([]);
  }
  expect(store.list(run, "a", 1)).toEqual([{ name: "f", size: 1 }]);
});

test("the shim's own notes are not listed", () => {
  const { at, store } = attempt();
  for (const name of ["claim-1", "exit-1", "stdout.log", "b", "a"]) fs.writeFileSync(join(at, name), "");
  expect(store.list(run, "a", 1).map(({ name }) => name)).toEqual(["a", "b", "stdout.log"]);
});

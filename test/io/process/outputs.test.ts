import { afterEach, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { importOutputs } from "../../../lib/io/process/outputs";
import { scratch, sweep } from "../../rig/scratch";

afterEach(sweep);

function folders() {
  const folder = scratch();
  const [from, into] = [join(folder, "from"), join(folder, "into")];
  fs.mkdirSync(from);
  fs.mkdirSync(into);
  return { from, into };
}

test("plain files are copied byte for byte, an empty one too", () => {
  const { from, into } = folders();
  const large = Buffer.from(Uint8Array.from({ length: 3_000_001 }, (_, i) => i % 253));
  fs.writeFileSync(join(from, "large.bin"), large);
  fs.writeFileSync(join(from, "empty"), "");
  expect(importOutputs(from, into)).toEqual([]);
  expect(fs.readFileSync(join(into, "large.bin")).equals(large)).toBe(true);
  expect(fs.readFileSync(join(into, "empty"))).toHaveLength(0);
});

test("what an engine that died had brought already is no file left out; what somebody put there is", () => {
  const { from, into } = folders();
  fs.writeFileSync(join(from, "result.json"), "{}");
  fs.writeFileSync(join(from, "planted"), "mine");
  fs.writeFileSync(join(into, "planted"), "evil");
  expect(importOutputs(from, into)).toEqual(["planted"]);
  expect(importOutputs(from, into)).toEqual(["planted"]);
  expect(fs.readFileSync(join(into, "result.json"), "utf8")).toBe("{}");
  expect(fs.readFileSync(join(into, "planted"), "utf8")).toBe("evil");
});

test("everything else is left out and named: links, twins, pipes, folders, odd and reserved names", () => {
  const { from, into } = folders();
  fs.symlinkSync("/etc/passwd", join(from, "link"));
  fs.writeFileSync(join(from, "twin"), "x");
  fs.linkSync(join(from, "twin"), join(from, "twin2"));
  execFileSync("mkfifo", [join(from, "pipe")]);
  fs.mkdirSync(join(from, "folder"));
  const odd = [
    "a b",
    ".dot",
    "-dash",
    "ü",
    "x".repeat(129),
    "status.json",
    "stdout.log",
    "claim-1",
    "exit-9",
    "x.tmp",
  ];
  for (const name of odd) fs.writeFileSync(join(from, name), "x");
  expect(importOutputs(from, into).sort()).toEqual(
    [...odd, "link", "twin", "twin2", "pipe", "folder"].sort(),
  );
  expect(fs.readdirSync(into)).toEqual([]);
});

test("an agent's `usage.json` is the engine's; that of any other step is a result", () => {
  const { from, into } = folders();
  fs.writeFileSync(join(from, "usage.json"), "{}");
  expect(importOutputs(from, into)).toEqual([]);
  expect(fs.readFileSync(join(into, "usage.json"), "utf8")).toBe("{}");
  const agent = folders();
  fs.writeFileSync(join(agent.from, "usage.json"), "{}");
  fs.writeFileSync(join(agent.into, "agent.json"), "{}");
  expect(importOutputs(agent.from, agent.into)).toEqual(["usage.json"]);
  expect(fs.readdirSync(agent.into)).toEqual(["agent.json"]);
});

test("what stands there already is never overwritten", () => {
  const { from, into } = folders();
  fs.writeFileSync(join(into, "output.json"), "first");
  fs.writeFileSync(join(from, "output.json"), "second");
  expect(importOutputs(from, into)).toEqual(["output.json"]);
  expect(fs.readFileSync(join(into, "output.json"), "utf8")).toBe("first");
});

test("a folder that is gone leaves nothing to import", () => {
  const { from, into } = folders();
  fs.rmdirSync(from);
  expect(importOutputs(from, into)).toEqual([]);
});

import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  argvOf,
  enclosingStep,
  groupAlive,
  isShimOf,
  markedProcesses,
  signalIfThere,
} from "../../../lib/io/process/tree";
import { until } from "../../rig/deadline";
import { isAlive } from "../../rig/processes";
import { scratch, sweep } from "../../rig/scratch";

setDefaultTimeout(60_000);

const groups: number[] = [];
afterEach(() => {
  for (const group of groups.splice(0)) signalIfThere(-group, "SIGKILL");
  sweep();
});

/** A process group of its own. */
function start(argv: string[], env: Record<string, string> = {}): number {
  const [file, ...args] = argv as [string, ...string[]];
  const child = spawn(file, args, {
    detached: true,
    stdio: "ignore",
    env: { PATH: process.env.PATH ?? "", ...env } as unknown as NodeJS.ProcessEnv,
  });
  groups.push(child.pid as number);
  return child.pid as number;
}

test("a process is found by the mark in its environment, exactly that mark, wherever it went", async () => {
  const mark = `run-${process.pid}/a/1`;
  const pid = start(["sh", "-c", "setsid sleep 600 & sleep 600"], { THREADOS_ATTEMPT: mark });
  start(["sleep", "600"], { THREADOS_ATTEMPT: `${mark}0` });
  start(["sleep", "600"], { OTHER: `THREADOS_ATTEMPT=${mark}` });
  const marked = await until(
    "three processes",
    () => markedProcesses(mark).length === 3 && markedProcesses(mark),
  );
  expect(marked).toContain(pid);
  for (const each of marked) signalIfThere(each, "SIGKILL");
  await until("their end", () => markedProcesses(mark).length === 0);
});

test("a group lives as long as one of its members; the dead that nobody buries don't count", async () => {
  const file = join(scratch(), "child");
  // Replaced by sleep, which waits for nobody: the child in a group of its own stays a zombie.
  const group = start(["sh", "-c", `setsid sh -c 'echo $$ > ${file}' & exec sleep 600`]);
  const child = await until("the child", () => existsSync(file) && Number(readFileSync(file, "utf8")));
  await until("its death", () => !isAlive(child));
  expect(existsSync(`/proc/${child}`)).toBe(true);
  expect(groupAlive(child)).toBe(false);
  expect(groupAlive(group)).toBe(true);
  signalIfThere(-group, "SIGKILL");
  await until("the group's end", () => !groupAlive(group));
  expect(groupAlive(4_000_000)).toBe(false);
});

test("a shim is known by its name and its attempt's folder, never by its number alone", async () => {
  const folder = scratch();
  const pid = start(["sh", "-c", "sleep 600; :", "threados-shim", folder, "1"]);
  await until("it to be there", () => isAlive(pid) && argvOf(pid)?.includes(folder));
  expect(isShimOf(pid, folder)).toBe(true);
  expect(isShimOf(pid, `${folder}2`)).toBe(false);
  expect(isShimOf(process.pid, folder)).toBe(false);
  expect(isShimOf(4_000_000, folder)).toBe(false);
});

test("signalling what is gone is no fault", () => {
  expect(() => signalIfThere(4_000_000, "SIGTERM")).not.toThrow();
});

test("a step is known by its ancestors even where the environment was emptied, and by the environment otherwise", async () => {
  const folder = join(scratch(), "runs", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "my-step", "attempts", "1");
  const script = `import {enclosingStep} from ${JSON.stringify(join(import.meta.dir, "../../../lib/io/process/tree"))}; console.log(enclosingStep() ?? "none")`;
  const ask = (argv: string[], env: Record<string, string>) =>
    Bun.spawnSync([...argv, process.execPath, "-e", script], {
      env: { PATH: process.env.PATH ?? "", ...env },
    })
      .stdout.toString()
      .trim();
  expect(ask(["sh", "-c", 'shift; shift; "$@"; :', "threados-shim", folder, "1"], {})).toBe("my-step");
  expect(ask(["sh", "-c", 'shift; shift; env -i "$@"; :', "threados-shim", folder, "1"], {})).toBe("my-step");
  expect(ask(["env"], { THREADOS_ATTEMPT: "run/other/2" })).toBe("other");
  expect(ask(["env"], {})).toBe(enclosingStep() ?? "none");
});

import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { tryLock, waitForLock } from "../../../lib/io/files/kernel-lock";
import { until } from "../../rig/deadline";
import { scratch, sweep } from "../../rig/scratch";

setDefaultTimeout(60_000);
afterEach(sweep);

/** Another process that asks for the lock. */
async function other(path: string) {
  const script = join(import.meta.dir, "../../rig/lock-holder.ts");
  const child = Bun.spawn([process.execPath, script, path], { stdin: "pipe", stdout: "pipe" });
  const reader = child.stdout.getReader();
  const said = new TextDecoder().decode((await reader.read()).value).trim();
  return { child, said };
}

test("of two processes one holds it, and its end, however it comes, frees it", async () => {
  const path = join(scratch(), "lock");
  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    const holder = await other(path);
    expect(holder.said).toBe("held");
    const rival = await other(path);
    expect(rival.said).toBe("busy");
    expect(tryLock(path)).toBeUndefined();
    holder.child.kill(signal);
    rival.child.kill();
    await Promise.all([holder.child.exited, rival.child.exited]);
    const mine = tryLock(path);
    expect(mine).toBeDefined();
    expect((await other(path)).said).toBe("busy");
    mine?.release();
  }
});

test("a frozen holder still holds it", async () => {
  const path = join(scratch(), "lock");
  const holder = await other(path);
  holder.child.kill("SIGSTOP");
  expect(tryLock(path)).toBeUndefined();
  holder.child.kill("SIGCONT");
  holder.child.stdin.end();
  await holder.child.exited;
  expect(tryLock(path)).toBeDefined();
});

test("forgetting the handle does not let go of it, nor does the garbage collector", async () => {
  const path = join(scratch(), "lock");
  expect(tryLock(path)).toBeDefined();
  for (let i = 0; i < 3; i++) Bun.gc(true);
  expect((await other(path)).said).toBe("busy");
});

test("the same process does not get it twice, and gets it again once it let go", () => {
  const path = join(scratch(), "lock");
  const first = tryLock(path);
  expect(tryLock(path)).toBeUndefined();
  first?.release();
  const second = tryLock(path);
  expect(second).toBeDefined();
  second?.release();
});

test("asking in vain takes nothing away from the holder", async () => {
  const path = join(scratch(), "lock");
  const mine = tryLock(path);
  for (let i = 0; i < 50; i++) expect(tryLock(path)).toBeUndefined();
  expect((await other(path)).said).toBe("busy");
  mine?.release();
});

test("a file put in the lock's place is another lock", () => {
  const path = join(scratch(), "lock");
  const old = tryLock(path);
  fs.renameSync(path, `${path}.old`);
  fs.writeFileSync(path, "");
  old?.release();
  const fresh = tryLock(path);
  expect(fresh).toBeDefined();
  fresh?.release();
});

test("what is no lock file at all is a fault, not a lock", () => {
  const path = join(scratch(), "lock");
  fs.writeFileSync(path, "this is not a database, and never was one".repeat(100));
  expect(() => tryLock(path)).toThrow();
});

test("waiting for it ends when the holder lets go, or with nothing when the time is over", async () => {
  const path = join(scratch(), "lock");
  const holder = await other(path);
  expect(await waitForLock(path, 0)).toBeUndefined();
  const waiting = waitForLock(path, 30_000);
  holder.child.stdin.end();
  const lock = await waiting;
  expect(lock).toBeDefined();
  lock?.release();
  await until("the holder's end", () => holder.child.exitCode === 0);
});

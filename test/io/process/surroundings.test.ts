import { afterEach, expect, spyOn, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { readTraces, revokeSpawn, settledTraces } from "../../../lib/io/process/attempt";
import { stepEnvironment } from "../../../lib/io/process/environment";
import { resolveExecutable } from "../../../lib/io/process/executable";
import { scratch, sweep } from "../../rig/scratch";

afterEach(sweep);

test("a bare word is looked up on the PATH, in absolute folders only, and must be an executable file", () => {
  const folder = scratch();
  fs.mkdirSync(join(folder, "one", "dir"), { recursive: true });
  fs.mkdirSync(join(folder, "two"));
  fs.writeFileSync(join(folder, "one", "plain"), "");
  // A file that is not executable and a folder are passed over (root may execute whatever has one such bit).
  for (const name of ["plain", "dir", "tool"])
    fs.writeFileSync(join(folder, "two", name), "", { mode: 0o755 });
  const path = `relative:${folder}/missing::${folder}/one:${folder}/two`;
  expect(resolveExecutable("tool", path)).toBe(join(folder, "two", "tool"));
  expect(resolveExecutable("plain", path)).toBe(join(folder, "two", "plain"));
  expect(resolveExecutable("dir", path)).toBe(join(folder, "two", "dir"));
  expect(resolveExecutable("none", path)).toBeUndefined();
  expect(resolveExecutable("", path)).toBeUndefined();
  expect(resolveExecutable("tool", "")).toBeUndefined();
  expect(resolveExecutable("./tool", path)).toBe("./tool");
  fs.rmSync(join(folder, "two", "tool"));
  expect(resolveExecutable("tool", path)).toBeUndefined();
});

test("of the surroundings a step sees a short list, and the facts about it win over its own variables", () => {
  const given = {
    PATH: "/bin",
    HOME: "/h",
    LC_ALL: "C",
    XDG_CACHE_HOME: "/c",
    MY_TOKEN: "t",
    LD_PRELOAD: "x",
    lc_all: "y",
    UNSET: undefined,
  };
  const seen = stepEnvironment(
    given as never,
    { OWN: "1", HOME: "/mine", THREADOS_STEP_ID: "forged" },
    { THREADOS_STEP_ID: "a" },
  );
  expect(seen as object).toEqual({
    PATH: "/bin",
    HOME: "/mine",
    LC_ALL: "C",
    XDG_CACHE_HOME: "/c",
    OWN: "1",
    THREADOS_STEP_ID: "a",
  });
});

test("the shim's notes count only when they are whole, and the newest spawn speaks", () => {
  const folder = scratch();
  expect(readTraces(join(folder, "missing"))).toBeUndefined();
  expect(readTraces(folder)).toMatchObject({ spawn: 0, pid: undefined, code: undefined });
  fs.writeFileSync(join(folder, "claim-1"), "12");
  expect(readTraces(folder)).toMatchObject({ spawn: 1, pid: undefined });
  fs.writeFileSync(join(folder, "claim-1"), "123\n");
  fs.writeFileSync(join(folder, "exit-1"), "0");
  expect(readTraces(folder)).toMatchObject({ spawn: 1, pid: 123, code: undefined });
  fs.writeFileSync(join(folder, "exit-1"), "7\n");
  fs.writeFileSync(join(folder, "claim-10"), "99\n");
  expect(readTraces(folder)).toMatchObject({ spawn: 10, pid: 99, code: undefined });
  expect(revokeSpawn(folder, 10)).toBe(false);
  expect(revokeSpawn(folder, 11)).toBe(true);
  expect(revokeSpawn(folder, 11)).toBe(false);
});

test("a claim that is taken away has its word in it from the first moment", () => {
  const folder = scratch();
  const { writeFileSync } = fs;
  const killed = spyOn(fs, "writeFileSync").mockImplementation((path) => {
    writeFileSync(path, "");
    throw new Error("killed amid the writing");
  });
  revokeSpawn(folder, 1);
  killed.mockRestore();
  expect(readTraces(folder)).toMatchObject({ spawn: 0 });
  expect(settledTraces(folder)).toBeUndefined();
});

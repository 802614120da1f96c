import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { until } from "../../rig/deadline";
import { opened } from "../../rig/fake-shell";
import { seqctlArgv } from "../../rig/seqctl";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

test("a workspace says when its definition, its audit log or its newest run may have changed, and nothing after it is closed", async () => {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
  const { watch } = await opened(at);
  let calls = 0;
  const watcher = watch(() => {
    calls += 1;
  });
  const hears = async (what: string, change: () => unknown) => {
    const before = calls;
    await change();
    await until(what, () => calls > before);
  };
  await hears("a rename", () => {
    fs.writeFileSync(at.path("new.yaml"), at.definition);
    fs.renameSync(at.path("new.yaml"), at.path(".threados/sequence.yaml"));
  });
  await hears("an edit", () => at.seqctl(["step", "add", "b", "--command", '["true"]']));
  await hears("a run", () => at.seqctl(["run", "--yes"]));
  await hears("the journal's growth", () => at.seqctl(["run", "--yes"]));
  await hears("another run", () => at.seqctl(["run", "--yes", "--new"]));
  watcher.close();
  const before = calls;
  await at.seqctl(["step", "add", "c"]);
  expect(calls).toBe(before);
});

/** Runs a command as a user whose other programs hold every watch that the system gives one. */
const unwatched = [
  "unshare",
  "-Ur",
  "sh",
  "-c",
  'echo 0 > /proc/sys/user/max_inotify_instances && exec "$@"',
  "sh",
];
const canUnwatch = Bun.spawnSync(["sh", "-c", '"$@" true 2>/dev/null', "sh", ...unwatched]).exitCode === 0;

test.skipIf(!canUnwatch)("a run comes to its end where nothing can be watched", async () => {
  const at = await Workspace.make({
    steps: [
      { id: "a", command: ["true"] },
      { id: "b", command: ["true"], depends_on: ["a"] },
    ],
  });
  const words = [...unwatched, ...(await seqctlArgv()), "run", "--yes"];
  const run = Bun.spawn(words, { cwd: at.root, env: at.env, stdin: "ignore", stderr: "pipe" });
  expect([await run.exited, await new Response(run.stderr).text()]).toEqual([0, ""]);
  expect(await at.standing()).toEqual({ a: "DONE 1", b: "DONE 1" });
});

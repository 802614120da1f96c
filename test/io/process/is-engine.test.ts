import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { isEngineOf } from "../../../lib/io/process/is-engine";
import { until } from "../../rig/deadline";
import { Held } from "../../rig/held";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

test("an engine is known as that of its own workspace, wherever in it that was started, and of no other", async () => {
  const [at, other] = [await Workspace.make(), await Workspace.make()];
  const step = new Held(at);
  const add = ["step", "add", "held", "--command", JSON.stringify(step.command("held"))];
  expect((await at.seqctl(add)).exit).toBe(0);
  await at.start(["run", "--yes"]);
  await step.hasBegun("held");
  const pid = at.enginePid() ?? 0;
  expect([isEngineOf(pid, at.root), isEngineOf(pid, other.root)]).toEqual([true, false]);
});

test.skipIf(process.platform !== "linux")(
  "a process that only has such words in its argv is no engine",
  async () => {
    const at = await Workspace.make();
    at.script("inside/seqctl", "#!/bin/sh\nread -r line\n");
    const started = async (cwd: string, ...argv: string[]) => {
      const child = Bun.spawn(argv, { cwd, env: at.env, stdin: "pipe", stdout: "ignore" });
      await until("its own argv", () =>
        Bun.file(`/proc/${child.pid}/cmdline`)
          .text()
          .then((text) => text.includes(argv.at(-1) as string)),
      );
      const found = isEngineOf(child.pid, at.root);
      child.stdin.end();
      await child.exited;
      return found;
    };
    const seqctl = at.path("inside/seqctl");
    const sh = ["sh", "-c", "read -r line; :"];
    const no = [
      await started(at.root, ...sh, "engine"),
      await started(at.root, ...sh, "/opt/engine/bin", "engine", "run"),
      await started(at.root, "sh", seqctl, "engine", "status"),
      await started(at.root, "sh", seqctl, "step", "show", "engine"),
      await started("/", "sh", seqctl, "engine", "run"),
      await started(at.root, "sh", seqctl, "-C", "/", "engine", "run"),
    ];
    expect(no).toEqual([false, false, false, false, false, false]);
    const yes = [
      await started(at.root, "sh", seqctl, "engine", "run"),
      await started(at.path("inside"), "sh", seqctl, "engine", "run", "--held"),
      await started("/", "sh", seqctl, "engine", "-C", at.root, "run"),
    ];
    expect(yes).toEqual([true, true, true]);
  },
);

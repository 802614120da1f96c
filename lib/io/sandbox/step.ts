import * as fs from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { err, ok, type Result } from "../../core/result";
import type { Step } from "../../core/sequence/schema";
import { privateFolders } from "../files/runtime-folder";
import type { Ready } from "../process/ready";
import { argvOf } from "../process/tree";
import { configFolder } from "../secrets";
import { type Confinement, confine, findBubblewrap } from "./bubblewrap";

/**
 * The step as it is started within its sandbox; refused where there is none. An agent gets the network and its own
 * settings. In a worktree that one is what it may write to, with the commits it makes; the workspace it may only read.
 */
export function confineStep(root: string, step: Step, ready: Ready): Result<Ready> {
  const bubblewrap = findBubblewrap();
  if (!bubblewrap)
    return err({
      code: "policy.denied",
      rule: "sandbox",
      problem: "the policy requires a sandbox, and bubblewrap (bwrap) is not on the PATH",
      hint: "install bubblewrap, or write `sandbox: off` into .threados/policy.yaml if you trust what runs",
    });
  const { env, line, isolated } = ready;
  const { agent } = line;
  const home = realPath(env.HOME || homedir());
  const at: Confinement = {
    root: isolated?.path ?? root,
    cwd: isolated ? join(isolated.path, isolated.repository.prefix, isolated.cwd) : ready.cwd,
    home,
    path: env.PATH ?? "",
    writable: [
      env.THREADOS_OUTPUT_DIR as string,
      ...(agent?.adapter.home ?? []).map((name) => join(home, name)),
    ],
    readable: [...(agent ? [agent.promptFile] : []), ...(isolated ? [root] : [])],
    ...(isolated ? { gitDir: isolated.repository.commonDir } : {}),
    hidden: [...privateFolders(), configFolder()].map(realPath),
    network: step.network === true || agent !== undefined,
    tty: step.tty === true,
  };
  const within = (command: readonly string[]) => confine(bubblewrap, command, at);
  const beside = isolated && {
    ...isolated,
    setup: isolated.setup && within(isolated.setup),
    test: isolated.test && within(isolated.test),
  };
  const inside = { ...env, TMPDIR: "/tmp" };
  return ok({
    ...ready,
    cwd: isolated ? ready.cwd : "/",
    env: inside,
    command: within(ready.command),
    isolated: beside,
  });
}

function realPath(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * Of an attempt's processes those that are the command's own. Bubblewrap passes no signal on: told to end, it takes the
 * command along at once, without its chance to end well. Undefined where no sandbox is among them.
 */
export function insideSandbox(processes: readonly number[]): number[] | undefined {
  const isOuter = (pid: number) => /(?:^|\/)bwrap$/.test(argvOf(pid)?.[0] ?? "");
  const outer = new Set(processes.filter(isOuter));
  if (outer.size === 0) return undefined;
  return processes.filter((pid) => !outer.has(pid) && !argvOf(pid)?.includes("threados-shim"));
}

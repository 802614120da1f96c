import * as fs from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { err, ok, type Result } from "../../core/result";
import type { Adapter } from "../agents/adapter";
import { argvOf } from "../process/tree";
import { confine, findBubblewrap } from "./bubblewrap";

/** A step as it is about to be started. Paths are absolute. */
export interface StepStart {
  root: string;
  cwd: string;
  /** The folder that it leaves its results in. */
  output: string;
  /** The file that an agent's prompt stands in. */
  prompt: string | undefined;
  adapter: Adapter | undefined;
  network: boolean;
  env: NodeJS.ProcessEnv;
}

/** The command of a step within its sandbox; refused where there is none. An agent gets the network and its own settings. */
export function confinedCommand(command: readonly string[], step: StepStart): Result<string[]> {
  const bubblewrap = findBubblewrap();
  if (!bubblewrap)
    return err({
      code: "policy.denied",
      rule: "sandbox",
      problem: "the policy requires a sandbox, and bubblewrap (bwrap) is not on the PATH",
      hint: "install bubblewrap, or write `sandbox: off` into .threados/policy.yaml if you trust what runs",
    });
  const home = realPath(step.env.HOME || homedir());
  const own = (step.adapter?.home ?? []).map((name) => join(home, name));
  return ok(
    confine(bubblewrap, command, {
      root: step.root,
      cwd: step.cwd,
      home,
      path: step.env.PATH ?? "",
      writable: [step.output, ...own],
      readable: step.prompt === undefined ? [] : [step.prompt],
      network: step.network || step.adapter !== undefined,
    }),
  );
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

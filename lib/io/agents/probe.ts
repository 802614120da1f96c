import { execFile } from "node:child_process";
import * as fs from "node:fs";
import { renderFailure } from "../../core/failure-table";
import { ok, type Result } from "../../core/result";
import type { AgentInfo } from "../../runtime/agent-ports";
import { stepEnvironment } from "../process/environment";
import { resolveExecutable } from "../process/executable";
import type { Adapter } from "./adapter";
import { loadAdapters } from "./agent-files";
import { refuseAsked } from "./asked";
import { agentEnvironment } from "./environment";

const waitMs = 20_000;

/** Every agent of the workspace, with where it is found and the version it says it has. */
export async function probeAgents(root: string): Promise<Result<AgentInfo[]>> {
  const adapters = loadAdapters(`${root}/.threados`);
  if (!adapters.ok) return adapters;
  const probed = await Promise.all([...adapters.value.values()].map((adapter) => probe(root, adapter)));
  return ok([...probed, shell]);
}

const shell: AgentInfo = {
  name: "shell",
  source: "built-in",
  executable: "/bin/sh",
  path: "/bin/sh",
  version: null,
  ready: true,
  problem: null,
  resumes: false,
};

async function probe(root: string, adapter: Adapter): Promise<AgentInfo> {
  const { name, source, executable, resumes } = adapter;
  const env = stepEnvironment(process.env, agentEnvironment(process.env, adapter), {});
  const found = resolveExecutable(executable, env.PATH ?? "");
  const path = found !== undefined && fs.existsSync(found) ? found : null;
  const facts = { name, source, executable, path, resumes };
  const where = executable.includes("/") ? `not found at ${executable}` : "not found on the PATH";
  if (path === null) return { ...facts, version: null, ready: false, problem: where };
  // Whatever it is, it is not started for a look.
  const allowed = refuseAsked(adapter, process.env);
  if (!allowed.ok)
    return { ...facts, version: null, ready: false, problem: renderFailure(allowed.failure).message };
  const { version, problem } = await ask(path, adapter.versionArgs, env, root);
  return { ...facts, version, ready: problem === null, problem };
}

function ask(
  path: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<{ version: string | null; problem: string | null }> {
  return new Promise((resolve) => {
    const child = execFile(
      path,
      [...args],
      { env, cwd, timeout: waitMs, maxBuffer: 65_536 },
      (error, out) => {
        const line =
          out
            .split("\n")
            .find((part) => /\d+\.\d+/.test(part))
            ?.trim() ?? out.trim().split("\n")[0];
        const version = /\d+\.\d+(?:\.\d+)?[\w.+-]*/.exec(line ?? "")?.[0] ?? null;
        const problem = error
          ? `${args.join(" ")} failed (${error.code ?? error.signal ?? "no answer"})`
          : null;
        resolve({ version, problem });
      },
    );
    child.stdin?.end();
  });
}

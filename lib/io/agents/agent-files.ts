import { join, resolve } from "node:path";
import { type AgentsFile, readAgentsFile } from "../../core/agents/agents-file";
import { nearest } from "../../core/nearest";
import { err, ok, type Result } from "../../core/result";
import { readIfThere } from "../files/atomic";
import type { Adapter } from "./adapter";
import { claudeCode } from "./claude-code";
import { codex } from "./codex";
import { configured } from "./configured";
import { gemini } from "./gemini";
import { opencode } from "./opencode";

/** The adapters that need no configuration. */
export const builtIns: readonly Adapter[] = [claudeCode, codex, gemini, opencode];

const displayName = ".threados/agents.yaml";

/** All adapters of a workspace: those built in, then those of its agents.yaml. */
export function loadAdapters(folder: string): Result<Map<string, Adapter>> {
  const adapters = new Map(builtIns.map((adapter) => [adapter.name, adapter]));
  const read = readIfThere(join(folder, "agents.yaml"), 1024 * 1024);
  if (read === undefined) return ok(adapters);
  if ("problem" in read) return err({ code: "file.unreadable", path: displayName, problem: read.problem });
  const file: Result<AgentsFile> = readAgentsFile(
    read.bytes,
    displayName,
    builtIns.map(({ name }) => name),
  );
  if (!file.ok) return file;
  for (const [name, entry] of Object.entries(file.value.agents)) {
    const { executable } = entry;
    // A path is meant from the workspace, wherever the step itself runs.
    const placed = executable?.includes("/") ? { executable: resolve(folder, "..", executable) } : {};
    adapters.set(name, configured(name, { ...entry, ...placed }, adapters.get(entry.extends ?? "")));
  }
  return ok(adapters);
}

/** The adapter of that name, or the refusal that names the nearest. */
export function findAdapter(folder: string, name: string, step: string): Result<Adapter> {
  const adapters = loadAdapters(folder);
  if (!adapters.ok) return adapters;
  const adapter = adapters.value.get(name);
  if (adapter) return ok(adapter);
  const near = nearest(name, ["shell", ...adapters.value.keys()]);
  return err({ code: "agent.unknown", name, step, ...(near ? { nearest: near } : {}) });
}

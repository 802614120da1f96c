import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type AgentEntry, type AgentsFile, type Grant, readAgentsFile } from "../../core/agents/agents-file";
import { nearest } from "../../core/nearest";
import { err, ok, type Result } from "../../core/result";
import { readIfThere } from "../files/atomic";
import { findWorkspace } from "../files/place";
import { tracesOf } from "../files/traces";
import { configFolder } from "../files/user-folders";
import type { Adapter } from "./adapter";
import { askedOf } from "./asked";
import { claudeCode } from "./claude-code";
import { codex } from "./codex";
import { configured } from "./configured";
import { gemini } from "./gemini";
import { opencode } from "./opencode";

/** The adapters that need no configuration. */
export const builtIns: readonly Adapter[] = [claudeCode, codex, gemini, opencode];

/** All adapters of a workspace: those built in, then those of its agents.yaml, where the user's own of that name wins. */
export function loadAdapters(folder: string): Result<Map<string, Adapter>> {
  const adapters = new Map(builtIns.map((adapter) => [adapter.name, adapter]));
  const own = configFolder();
  const home = `${homedir()}/`;
  const shown = own.startsWith(home) ? `~/${own.slice(home.length)}` : own;
  const files = [
    { from: own, name: `${shown}/agents.yaml`, isOwn: true },
    { from: folder, name: ".threados/agents.yaml", isOwn: false },
  ];
  const found: { from: string; isOwn: boolean; entries: [string, AgentEntry][] }[] = [];
  let grants: readonly Grant[] = [];
  for (const { from, name: file, isOwn } of files) {
    const read = readEntries(join(from, "agents.yaml"), file, isOwn);
    if (!read.ok) return read;
    if (isOwn) grants = read.value.allow_env ?? [];
    found.push({ from, isOwn, entries: Object.entries(read.value.agents ?? {}) });
  }
  for (const { from, isOwn, entries } of found.reverse()) {
    for (const [name, entry] of entries) {
      const { executable } = entry;
      // A path is meant from the workspace, or from the user's own file, wherever the step itself runs.
      const base = isOwn ? from : resolve(from, "..");
      const placed = executable?.includes("/") ? { executable: resolve(base, executable) } : {};
      const extended = builtIns.find((each) => each.name === entry.extends);
      adapters.set(name, {
        ...configured(name, { ...entry, ...placed, isOwn }, extended),
        ...(isOwn ? {} : { asked: () => askedOf(base, name, entry, extended, grants) }),
      });
    }
  }
  for (const [name, adapter] of adapters) adapters.set(name, { ...adapter, grants });
  return ok(adapters);
}

/** What each file said when it was read last: it is asked for each step that an agent runs. */
const known = new Map<string, { traces: string; file: AgentsFile }>();

function readEntries(path: string, file: string, isOwn: boolean): Result<AgentsFile> {
  const traces = tracesOf(path);
  const before = known.get(path);
  if (before && before.traces === traces) return ok(before.file);
  const found = readAnew(path, file, isOwn);
  if (found.ok && traces !== undefined) known.set(path, { traces, file: found.value });
  else known.delete(path);
  return found;
}

function readAnew(path: string, file: string, isOwn: boolean): Result<AgentsFile> {
  const read = readIfThere(path, 1024 * 1024);
  if (read === undefined) return ok({ agents: {} });
  if ("problem" in read) return err({ code: "file.unreadable", path: file, problem: read.problem });
  const names = builtIns.map(({ name }) => name);
  return readAgentsFile(read.bytes, file, names, isOwn);
}

/** What a step of the workspace whose `.threados` is `folder` can name as its agent. */
export function agentNames(folder: string): Result<string[]> {
  const adapters = loadAdapters(folder);
  return adapters.ok ? ok([...adapters.value.keys(), "shell"]) : adapters;
}

/** The same for a file: of the workspace that it lies in, or where it lies in none, of no workspace. */
export function agentNamesAround(path: string): Result<string[]> {
  const around = findWorkspace(dirname(path));
  return agentNames(join(around.ok ? around.value : dirname(path), ".threados"));
}

/** The adapter of that name, or the refusal that names the nearest. */
export function findAdapter(folder: string, name: string, step: string): Result<Adapter> {
  const adapters = loadAdapters(folder);
  if (!adapters.ok) return adapters;
  const adapter = adapters.value.get(name);
  if (adapter) return ok(adapter);
  const known = [...adapters.value.keys(), "shell"];
  const near = nearest(name, known);
  return err({ code: "agent.unknown", name, step, known, ...(near ? { nearest: near } : {}) });
}

import * as fs from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, sep } from "node:path";
import { err, ok, type Result } from "../../core/result";
import type { Step } from "../../core/sequence/schema";
import type { Adapter, AgentSettings } from "../agents/adapter";
import { notedRuntimeFolder, privateFolders } from "../files/runtime-folder";
import { configFolder } from "../files/user-folders";
import { listeningWorkspace, noteNetwork } from "../mprocs/elsewhere";
import type { Ready } from "../process/ready";
import { argvOf } from "../process/tree";
import { linkAmongKept, overfullAmongKept, type ShownSettings } from "./agent-settings";
import { type Confinement, confine, findBubblewrap } from "./bubblewrap";
import { closedAmong, keyFolders } from "./closed";
import { linkedGitDir, linkInTheWay } from "./git-guard";
import { isWithin } from "./hidden";

/** Where sandboxed attempts of a workspace work. */
export interface Confining {
  root: string;
  /** The words that start seqctl again. */
  program: readonly string[];
  /** A private folder outside the workspace, for what sandboxes share. */
  sandboxes: string;
}

/**
 * The step as it is started within its sandbox; refused where there is none. An agent gets the network and its own
 * settings. In a worktree that one is what it may write to, with the commits it makes; the workspace it may only read.
 * `door` is the folder of the socket by which it calls seqctl.
 */
export function confineStep(
  { root, program, sandboxes }: Confining,
  step: Step,
  ready: Ready,
  door: string | undefined,
): Result<Ready> {
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
  const network = step.network ?? agent?.adapter.network ?? false;
  if (network) noteNetwork();
  const listening = network ? listeningWorkspace(root) : undefined;
  if (listening !== undefined) {
    const where = listening === root ? "" : ` for ${listening}`;
    return err({
      code: "policy.denied",
      rule: "sandbox",
      problem: `mprocs is open${where} and takes commands at a port, by which a step with network could run programs outside`,
      hint: "leave its window (q), and open it again by `seqctl mprocs open`: it then does without that port",
    });
  }
  const linked = linkedGitDir(root);
  const own = [join(root, ".git"), ...(linked ? [linked] : [])];
  const link = linkInTheWay(isolated ? [isolated.repository.commonDir] : own);
  if (link !== undefined)
    return err({
      code: "policy.denied",
      rule: "sandbox",
      problem: `${link} is a link, and a sandbox can't keep what git takes commands from as it is`,
      hint: "see who made it, and put a folder or a file in its place",
    });
  const wanted = agent?.adapter.wanted?.[0];
  if (wanted !== undefined)
    return err({
      code: "policy.denied",
      rule: "sandbox",
      problem: `the workspace's agents.yaml asks for ~/${wanted} in \`home\` or \`settings\`, and a repository may open no place of yours`,
      hint: `if you agree to it, write the whole agent '${agent?.adapter.name}' into ~/.config/threados/agents.yaml, which is yours alone`,
    });
  // What is hidden and what is opened follows the user's own environment: a step's `env` comes with the repository.
  const home = realPath(process.env.HOME || homedir());
  const cwd = isolated ? join(isolated.path, isolated.repository.prefix, isolated.cwd) : ready.cwd;
  // A place that holds the workspace or the home folder is none of settings alone.
  const settings = (agent ? settingsOf(agent.adapter, home, cwd) : []).filter(
    ({ path }) => ![root, home].some((folder) => isWithin(folder, path)),
  );
  const homes = agent ? homesOf(agent.adapter, home) : [];
  const keys = [...keyFolders(home), ...privateFolders(), ...notedFolder(root)];
  const closed = closedAmong([...settings.map(({ path }) => path), ...homes], keys);
  if (closed !== undefined)
    return err({
      code: "policy.denied",
      rule: "sandbox",
      problem: `${closed} would be open to the agent, and it is or holds a place of keys or of ThreadOS itself`,
      hint: "name a narrower place in `home` and `settings` of agents.yaml, or in the variable that leads there",
    });
  const inKept = linkAmongKept(settings);
  if (inKept !== undefined)
    return err({
      code: "policy.denied",
      rule: "sandbox",
      problem: `${inKept} is no folder, and a sandbox can't keep the agent's memory as it is`,
      hint: "see who made it, and put a folder in its place",
    });
  const overfull = overfullAmongKept(settings);
  if (overfull !== undefined)
    return err({
      code: "policy.denied",
      rule: "sandbox",
      problem: `${overfull} holds more folders than a sandbox can keep the agent's memory in as it is`,
      hint: "remove those of projects that you have no more",
    });
  const stepHome = realPath(env.HOME || home);
  const isOther = ![root, isolated?.path ?? root].some((folder) => isWithin(stepHome, folder));
  const otherHome = stepHome !== home && stepHome !== sep && isOther ? [stepHome] : [];
  const at: Confinement = {
    root: isolated?.path ?? root,
    cwd,
    home,
    emptied: otherHome,
    path: process.env.PATH ?? "",
    tool: ready.program,
    program,
    writable: [env.THREADOS_OUTPUT_DIR as string, ...homes],
    settings,
    readable: [...(agent ? [agent.promptFile] : []), ...(door ? [door] : [])],
    hidden: [...privateFolders(), ...notedFolder(root), configFolder()].map(realPath),
    caches: { folder: sandboxes, cacheHome: placeOf(env.XDG_CACHE_HOME) ?? join(stepHome, ".cache") },
    ...(isolated ? { gitDir: isolated.repository.commonDir, behind: root } : {}),
    network,
    tty: step.tty === true,
  };
  try {
    return ok(confined(bubblewrap, ready, at));
  } catch (error) {
    // The disk is full, or a folder for what sandboxes share can't be made.
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const problem = `its sandbox can't be made ready (${code}${path ? ` at ${path}` : ""})`;
    return err({ code: "input.invalid", problem });
  }
}

/** Where an engine that was started from elsewhere keeps tokens and doors, with those of other workspaces. */
const notedFolder = (root: string) =>
  [notedRuntimeFolder(root)?.path].flatMap((path) => (path ? [dirname(path)] : []));

function confined(bubblewrap: string, ready: Ready, at: Confinement): Ready {
  const { env, isolated } = ready;
  const within = (command: readonly string[]) => confine(bubblewrap, command, at);
  const beside = isolated && {
    ...isolated,
    setup: isolated.setup && within(isolated.setup),
    test: isolated.test && within(isolated.test),
  };
  return {
    ...ready,
    cwd: isolated ? ready.cwd : "/",
    env: { ...env, TMPDIR: "/tmp", ...unsigned(env) },
    command: within(ready.command),
    isolated: beside,
  };
}

/** No key to sign with is there: a commit that had to be signed could not be made. */
function unsigned(env: NodeJS.ProcessEnv): Record<string, string> {
  if (env.GIT_CONFIG_COUNT !== undefined) return {};
  return {
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_0: "commit.gpgSign",
    GIT_CONFIG_VALUE_0: "false",
    GIT_CONFIG_KEY_1: "tag.gpgSign",
    GIT_CONFIG_VALUE_1: "false",
  };
}

const xdg = [
  [".config/", "XDG_CONFIG_HOME"],
  [".local/share/", "XDG_DATA_HOME"],
  [".local/state/", "XDG_STATE_HOME"],
  [".cache/", "XDG_CACHE_HOME"],
] as const;

/** Below the home folder, unless the environment puts it elsewhere. */
function placeBelow(home: string, name: string): string {
  const [prefix, variable] = xdg.find(([beginning]) => name.startsWith(beginning)) ?? [];
  const moved = variable === undefined ? undefined : placeOf(process.env[variable]);
  return moved === undefined ? join(home, name) : join(moved, name.slice(prefix?.length));
}

/** Where an agent may write: as its adapter says, and to what a variable of its own names that is no place of settings. */
function homesOf({ home: names, folders = [], settings }: Adapter, home: string): string[] {
  const isMoved = (name: string) => settings.some(({ variable }) => variable === name);
  const named = folders.filter((name) => !isMoved(name)).flatMap((name) => placeOf(process.env[name]) ?? []);
  return [...names.map((name) => placeBelow(home, name)), ...named];
}

const longestName = 200;

function settingsOf({ settings }: Adapter, home: string, cwd: string): ShownSettings[] {
  const own = cwd.replace(/[^A-Za-z0-9]/g, "-");
  // Of a longer one the agent makes something else.
  const isFit = (name: string) => own.length <= longestName || !name.includes("{cwd}");
  const filled = (names: readonly string[] = []) =>
    names.filter(isFit).map((name) => name.replace("{cwd}", own));
  const shown = ({ path, variable, writes, keeps, fresh = [] }: AgentSettings): ShownSettings => ({
    path: (variable && placeOf(process.env[variable])) || placeBelow(home, path),
    writes: filled(writes),
    keeps: filled(keeps),
    fresh,
  });
  return settings.map(shown);
}

function placeOf(value: string | undefined): string | undefined {
  return value !== undefined && isAbsolute(value) ? realPath(value) : undefined;
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

import { err, ok, type Result } from "../../core/result";

const maxOutputBytes = 512 * 1024 * 1024;

/** Wherever a repository's own configuration is read: nothing of it may start a program or fetch anything. */
const harmless = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.pager=cat",
  "diff.external=",
  "protocol.ext.allow=never",
  "gc.auto=0",
  // A newer git can be told to note where a worktree is in another way.
  "worktree.useRelativePaths=false",
  "maintenance.auto=false",
  // Whose files these are was decided when the workspace was made in them.
  "safe.directory=*",
].flatMap((setting) => ["-c", setting]);

const kept = ["PATH", "HOME", "TMPDIR", "XDG_CONFIG_HOME", "THREADOS_ATTEMPT"];

/** git's own environment: no configuration but the repository's, no question, no network, no program of anybody's choice. */
function environment(own: Record<string, string | undefined>): NodeJS.ProcessEnv {
  const all = {
    ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ALLOW_PROTOCOL: "none",
    GIT_NO_LAZY_FETCH: "1",
    GIT_OPTIONAL_LOCKS: "0",
    ...own,
  };
  const set = Object.entries(all).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as NodeJS.ProcessEnv;
}

/** How one call of git is made. */
interface GitCall {
  cwd: string;
  /** Added to git's environment; what is undefined is left out of it. */
  env?: Record<string, string | undefined>;
  input?: string | Uint8Array;
}

/** How a call of git ended, whatever its exit code. */
export interface GitEnd {
  code: number;
  out: Buffer;
  err: string;
}

/** Calls git and waits; `code` is 127 where there is no git. */
export function callGit(args: readonly string[], { cwd, env = {}, input }: GitCall): GitEnd {
  // Loaded only now: every command opens the workspace, and few of them call git.
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const ended = spawnSync("git", [...harmless, ...args], {
    cwd,
    env: environment(env),
    maxBuffer: maxOutputBytes,
    ...(input === undefined ? {} : { input }),
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  const missing = (ended.error as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
  const said = ended.stderr?.toString("utf8") ?? "";
  return {
    code: missing ? 127 : (ended.status ?? 128),
    out: ended.stdout ?? Buffer.alloc(0),
    err: missing ? "there is no git on the PATH" : said,
  };
}

/** What git prints, or a refusal with its last words. */
export function git(args: readonly string[], call: GitCall): Result<string> {
  const { code, out, err: said } = callGit(args, call);
  if (code === 0) return ok(out.toString("utf8"));
  return err({ code: "git.failed", command: commandOf(args), problem: lastWords(said) });
}

/** The word that says what git was to do. */
function commandOf(args: readonly string[]): string {
  return args.find((word) => !word.startsWith("-")) ?? "git";
}

function lastWords(said: string): string {
  const lines = said.split("\n").map((line) => line.trim());
  const fatal =
    lines.find((line) => /^(?:fatal|error): /.test(line)) ?? lines.findLast((line) => line !== "");
  return (fatal ?? "it gave no reason").replace(/^(?:fatal|error): /, "");
}

/** A list of names as git prints and takes it: each ended by NUL. */
export function namesIn(text: string): string[] {
  return text.split("\0").filter((name) => name !== "");
}

/** The same list for git's standard input. */
export function nulList(names: readonly string[]): string {
  return names.map((name) => `${name}\0`).join("");
}

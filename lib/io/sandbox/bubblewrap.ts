import * as fs from "node:fs";
import { dirname, isAbsolute, join, resolve, sep } from "node:path";
import { resolveExecutable } from "../process/executable";

/** What a confined command may touch besides the read-only system around it. Paths are absolute and real. */
export interface Confinement {
  /** The workspace's root: writable, but for `.threados` and what git reads commands from. */
  root: string;
  /** Where the command starts, inside a writable folder. */
  cwd: string;
  home: string;
  /** The search path, so that programs that live in the home folder are found. */
  path: string;
  /** More folders it may write to; those that are missing are left out. */
  writable: readonly string[];
  /** More files and folders it may read; those that are missing are left out. */
  readable: readonly string[];
  /** Folders it finds empty wherever they stand, but for what of its own is in them; those that are missing are left out. */
  hidden: readonly string[];
  /** The git directory of a worktree: writable, but for what git reads commands from. */
  gitDir?: string;
  network: boolean;
  /** It holds a terminal of its own, so that it stays in its session. */
  tty?: boolean;
}

/** Where bubblewrap is, if it is installed. */
export function findBubblewrap(path = process.env.PATH ?? ""): string | undefined {
  return process.platform === "linux" ? resolveExecutable("bwrap", path) : undefined;
}

// Sockets of other programs (the session bus, containers, keyrings) stand in /run; names are resolved through one file there.
const resolver = ["/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager"];

/**
 * The words that put a command into a sandbox of its own: the system read-only, the home folder, /tmp and /run empty, its
 * own processes only, no network unless asked for. Later words win over earlier ones, so that the order matters.
 */
export function confine(bwrap: string, command: readonly string[], at: Confinement): string[] {
  const { home } = at;
  const words = [
    bwrap,
    "--die-with-parent",
    "--unshare-user",
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
  ];
  words.push("--unshare-cgroup-try", "--cap-drop", "ALL");
  if (!at.network) words.push("--unshare-net");
  // Without a session of its own it could type into the terminal of whoever started it.
  if (!at.tty) words.push("--new-session");
  words.push("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc");
  for (const empty of ["/tmp", "/var/tmp", "/run"]) if (fs.existsSync(empty)) words.push("--tmpfs", empty);
  words.push("--tmpfs", home, ...binds(at, () => true));
  // A folder within another comes behind it.
  const hidden = at.hidden.filter((path) => fs.existsSync(path)).sort((a, b) => a.length - b.length);
  for (const folder of hidden)
    words.push("--tmpfs", folder, ...binds(at, (path) => `${path}${sep}`.startsWith(`${folder}${sep}`)));
  if (at.network) for (const path of resolver) words.push("--ro-bind-try", path, path);
  return [...words, "--chdir", at.cwd, "--", ...command];
}

/** What of the folders and files that it may see is to be bound. */
function binds(at: Confinement, isWanted: (path: string) => boolean): string[] {
  const { root, home, gitDir } = at;
  const state = join(root, ".threados");
  const above = enclosingRepository(root);
  const programs = [...programFolders(at), join(home, ".gitconfig"), ...(above ? [above] : [])];
  const readable = at.readable.filter(isWanted);
  const writable = [root, ...at.writable].filter(isWanted);
  const words: string[] = [];
  for (const path of [...programs.filter(isWanted), ...readable]) words.push("--ro-bind-try", path, path);
  for (const path of writable) words.push(path === root ? "--bind" : "--bind-try", path, path);
  if (isWanted(state)) words.push("--ro-bind-try", state, state);
  for (const folder of writable) words.push(...guardGit(folder));
  if (gitDir && isWanted(gitDir)) words.push(...guardGitDir(gitDir));
  // What it is told may stand below `.threados`, or below what it may write.
  const isCovered = (path: string) => [state, ...writable].some((folder) => path.startsWith(`${folder}/`));
  for (const path of readable.filter(isCovered)) words.push("--ro-bind-try", path, path);
  for (const path of writable) if (path.startsWith(`${state}/`)) words.push("--bind-try", path, path);
  return words;
}

/** Folders of the search path that an empty home would hide, with what belongs to their programs. */
function programFolders({ path, home }: Confinement): string[] {
  const folders = path
    .split(":")
    .filter((folder) => isAbsolute(folder))
    .map((folder) => resolve(folder))
    .filter((folder) => folder.startsWith(`${home}/`));
  const belonging = (folder: string) => {
    const above = dirname(folder);
    // What stands beside `~/bin` is the whole home folder.
    return /\/s?bin$/.test(folder) && above !== home ? above : folder;
  };
  return [...new Set(folders.map(belonging))];
}

/**
 * Keeps what git, run later by a person, would take commands from as it is. What is missing is held by something empty, or
 * the command could make it.
 */
function guardGit(folder: string): string[] {
  const dot = join(folder, ".git");
  const isFolder = fs.lstatSync(dot, { throwIfNoEntry: false })?.isDirectory();
  // In a linked worktree `.git` is a file that names the folder; it may not be there yet.
  return isFolder ? guardGitDir(dot) : ["--ro-bind-try", dot, dot];
}

function guardGitDir(gitDir: string): string[] {
  const [hooks, info] = [join(gitDir, "hooks"), join(gitDir, "info")];
  const empty = (folder: string) => ["--tmpfs", folder, "--remount-ro", folder];
  // What is mounted can't be moved away: a folder that only holds what is guarded could be.
  const words = ["--bind", gitDir, gitDir];
  words.push(...(fs.existsSync(hooks) ? ["--ro-bind", hooks, hooks] : empty(hooks)));
  const hasInfo = fs.existsSync(info);
  words.push(...(hasInfo ? ["--bind", info, info] : empty(info)));
  for (const name of ["config", "config.worktree", ...(hasInfo ? ["info/attributes"] : [])]) {
    const path = join(gitDir, name);
    words.push("--ro-bind", fs.existsSync(path) ? path : "/dev/null", path);
  }
  return words;
}

/** The root of the repository that a folder stands in, if any; its own `.git` may be above the workspace. */
export function enclosingRepository(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (fs.existsSync(join(at, ".git"))) return at;
    if (at === dirname(at)) return undefined;
  }
}

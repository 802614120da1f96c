import * as fs from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
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
  const { root, home } = at;
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
  if (at.network) for (const path of resolver) words.push("--ro-bind-try", path, path);
  words.push("--tmpfs", home);
  const above = enclosingRepository(root);
  const visible = [
    ...programFolders(at),
    join(home, ".gitconfig"),
    ...(above ? [above] : []),
    ...at.readable,
  ];
  for (const path of visible) words.push("--ro-bind-try", path, path);
  words.push("--bind", root, root);
  for (const path of at.writable) words.push("--bind-try", path, path);
  words.push("--ro-bind-try", join(root, ".threados"), join(root, ".threados"));
  for (const folder of [root, ...at.writable]) words.push(...guardGit(folder));
  if (at.gitDir) words.push("--bind", at.gitDir, at.gitDir, ...guardGitDir(at.gitDir));
  // What it is told stands below `.threados`, or beside what it may write.
  for (const path of at.readable) words.push("--ro-bind-try", path, path);
  for (const path of at.writable)
    if (path.startsWith(`${join(root, ".threados")}/`)) words.push("--bind-try", path, path);
  return [...words, "--chdir", at.cwd, "--", ...command];
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
  const hooks = join(gitDir, "hooks");
  const words = fs.existsSync(hooks)
    ? ["--ro-bind", hooks, hooks]
    : ["--tmpfs", hooks, "--remount-ro", hooks];
  for (const name of ["config", "config.worktree", "info/attributes"]) {
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

import * as fs from "node:fs";
import { basename, join } from "node:path";
import { lstatOf } from "../files/presence";
import { resolveExecutable } from "../process/executable";
import { type ShownSettings, settingsWords } from "./agent-settings";
import { enclosingRepository, guardGit, guardGitDir, linkedGitDir } from "./git-guard";
import { hiddenFolders, isWithin, keyPlaces } from "./hidden";
import { privateCaches, settingsWithoutKeys } from "./settings";
import { keysAmong, visibleTools } from "./tools";

/** What a confined command may touch besides the read-only system around it. Paths are absolute and real. */
export interface Confinement {
  /** The workspace's root: writable, but for `.threados` and what git reads commands from. */
  root: string;
  /** Where the command starts, inside a writable folder. */
  cwd: string;
  home: string;
  /** More folders that stand empty like the home folder, with programs of the search path alone. */
  emptied?: readonly string[];
  /** The search path, so that programs that live in the home folder are found. */
  path: string;
  /** The program that the step itself runs, whatever it is started through. */
  tool?: string;
  /** The words that start seqctl again; what they name is shown. */
  program: readonly string[];
  /** More folders it may write to; those that are missing are left out. */
  writable: readonly string[];
  /** Settings of an agent, which it may read. */
  settings?: readonly ShownSettings[];
  /** More files and folders it may read; those that are missing are left out. */
  readable: readonly string[];
  /** The workspace that a worktree belongs to: read-only, but for what stands in it and is named here. */
  behind?: string;
  /** Folders it finds empty wherever they stand, but for what of its own is in them; those that are missing are left out. */
  hidden: readonly string[];
  /** Where caches are kept that sandboxed steps share, and the place they are looked for. */
  caches?: { folder: string; cacheHome: string };
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

/** What only a privileged user can read, and nobody but the system needs. */
const systemKeys = ["/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-"];

/**
 * The words that put a command into a sandbox of its own: the system read-only, the home folder, /tmp and /run empty, its
 * own processes only, no network unless asked for. Later words win over earlier ones, so that the order matters.
 */
export function confine(bwrap: string, command: readonly string[], at: Confinement): string[] {
  const { home } = at;
  const words = [bwrap, "--die-with-parent", "--unshare-user", "--unshare-pid", "--unshare-ipc"];
  words.push("--unshare-uts", "--unshare-cgroup-try", "--cap-drop", "ALL");
  if (!at.network) words.push("--unshare-net");
  // Without a session of its own it could type into the terminal of whoever started it.
  if (!at.tty) words.push("--new-session");
  words.push("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc");
  const empty = [...new Set([...hiddenFolders(home), ...(at.emptied ?? [])])];
  for (const folder of empty) words.push("--tmpfs", folder);
  for (const path of systemKeys) if (isReadable(path)) words.push("--ro-bind", "/dev/null", path);
  if (at.network) for (const path of resolver) words.push("--ro-bind-try", path, path);
  const settings = (at.settings ?? []).map(({ path }) => path);
  const theirs = [at.root, ...(at.behind === undefined ? [] : [at.behind]), ...at.writable, ...settings];
  const tools = visibleTools({ ...at, words: [at.tool ?? "", ...command], hidden: empty, theirs });
  for (const path of tools) words.push(...readOnly(path));
  words.push(...keysAmong(tools, home).flatMap(cover));
  words.push(...ownWords(at, empty, tools, () => true));
  // A folder within another comes behind it. No program on the search path is a reason to show what is in them.
  const hidden = at.hidden.filter((path) => !empty.includes(path) && fs.existsSync(path));
  for (const folder of hidden.sort((a, b) => a.length - b.length))
    words.push("--tmpfs", folder, ...ownWords(at, empty, [], (path) => isWithin(path, folder)));
  return [...words, "--chdir", at.cwd, "--", ...command];
}

/** What is its own to see and to write to, where wanted. */
function ownWords(
  at: Confinement,
  empty: readonly string[],
  tools: readonly string[],
  isWanted: (path: string) => boolean,
): string[] {
  const { root, home, caches } = at;
  const state = join(root, ".threados");
  const [writable, readable] = [at.writable.filter(isWanted), at.readable.filter(isWanted)];
  const behind = at.behind === undefined ? [] : [at.behind];
  const words = enclosing(root, home).filter(isWanted).flatMap(readOnly);
  if (caches) words.push(...sharedWords(caches, home, { empty, tools, isWanted }));
  words.push(...behind.filter(isWanted).flatMap(readOnly));
  if (isWanted(root)) words.push("--bind", root, root, ...hideKeys(root, home));
  for (const place of at.settings ?? []) if (isWanted(place.path)) words.push(...settingsWords(place));
  for (const path of writable) words.push("--bind-try", path, path);
  if (isWanted(state)) words.push(...readOnly(state));
  for (const folder of [root, ...at.writable].filter(isWanted)) words.push(...guardGit(folder));
  const gitDir = at.gitDir ?? linkedGitDir(root);
  if (gitDir && isWanted(gitDir))
    words.push("--bind", gitDir, gitDir, ...guardGitDir(gitDir, basename(root)));
  // What it is told stands below `.threados`, or beside what it may write.
  words.push(...readable.flatMap(readOnly));
  for (const path of writable) if (isWithin(path, state)) words.push("--bind-try", path, path);
  return words;
}

const readOnly = (path: string) => ["--ro-bind-try", path, path];

function isReadable(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** The repository around the workspace; where that is the home folder's own, nothing but its record. */
function enclosing(root: string, home: string): string[] {
  const above = enclosingRepository(root);
  if (above === undefined || above === root) return [];
  return [isWithin(home, above) ? join(above, ".git") : above];
}

/** In a workspace that holds the home folder, keys at least are not there. */
function hideKeys(root: string, home: string): string[] {
  if (!isWithin(home, root)) return [];
  return keyPlaces.flatMap((name) => cover(join(home, name)));
}

function cover(path: string): string[] {
  const stat = lstatOf(path);
  if (!stat) return [];
  return stat.isDirectory() ? ["--tmpfs", path] : ["--ro-bind", "/dev/null", path];
}

/** What sandboxed steps share stands in one place, and links lead there: each mount would cost about a millisecond. */
function sharedWords(
  { folder, cacheHome }: NonNullable<Confinement["caches"]>,
  home: string,
  {
    empty,
    tools,
    isWanted,
  }: { empty: readonly string[]; tools: readonly string[]; isWanted(path: string): boolean },
): string[] {
  if (!empty.includes(home)) return [];
  const [settings, caches] = [join(folder, "settings"), join(folder, "caches")];
  const [shownSettings, shownCaches] = [
    join(home, ".threados-sandbox/settings"),
    join(home, ".threados-sandbox/caches"),
  ];
  const links = [
    ...settingsWithoutKeys(home, settings).map(([name, copy]) => [
      join(shownSettings, copy),
      join(home, name),
    ]),
    ...privateCaches(home, cacheHome, caches).map(([path, own]) => [join(shownCaches, own), path]),
  ] as [string, string][];
  const isFree = (path: string) => isWanted(path) && !tools.some((shown) => isWithin(path, shown));
  const words = links.filter(([, path]) => isFree(path)).flatMap(([to, path]) => ["--symlink", to, path]);
  // Elsewhere it would stand there for reading, with what other steps left in it.
  const isCovered = !isWanted(cacheHome) || empty.some((folder) => isWithin(cacheHome, folder));
  const emptied = isCovered ? [] : ["--tmpfs", cacheHome];
  const shown = ["--ro-bind", settings, shownSettings, "--bind", caches, shownCaches];
  return [...(isWanted(shownSettings) ? shown : []), ...emptied, ...words];
}

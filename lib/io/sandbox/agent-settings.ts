import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { lstatOf, namesIn, statOf } from "../files/presence";
import { isWithin } from "./hidden";

/** Where an agent keeps its settings, as a step in a sandbox finds them. Paths are absolute. */
export interface ShownSettings {
  /** The folder or file itself; left out where it is missing. */
  path: string;
  /** Below it: what is written to and stays. One that ends in `/` is a folder, made where it is missing; `./` is all of it. */
  writes: readonly string[];
  /** Folders within those, made where they are missing, that stay as they are; a `*` stands for each folder there is. */
  keeps: readonly string[];
  /** Names that it does not find, and may make anew for as long as it runs; a `*` stands for any text. */
  fresh: readonly string[];
}

/** Each costs two mounts of about a millisecond, and bubblewrap takes 9,000 words in all. */
const mostFolders = 256;

/**
 * The words that show an agent its settings: an empty folder with all that stands there for reading, so that commands, hooks and
 * memory that it writes anew end with it, whatever their names, and nothing that the person has is changed. A link is what it
 * leads to: nothing in the folder could be replaced by a step before.
 */
export function settingsWords(at: ShownSettings): string[] {
  const { path, writes } = at;
  const stat = statOf(path);
  if (stat?.isFile()) return shownAt(path);
  if (!stat?.isDirectory()) return [];
  const words = writes.includes("./") ? ["--bind", fs.realpathSync(path), path] : shown(at);
  for (const name of writes.filter((each) => each !== "./"))
    words.push(
      ...(name.endsWith("/") ? writableFolder(path, name.slice(0, -1)) : writableFile(join(path, name))),
    );
  return [...words, ...kept(at)];
}

/** All that stands in the folder, but for what is its own. */
function shown({ path, writes, fresh }: ShownSettings): string[] {
  const words = ["--tmpfs", path];
  for (const name of namesIn(path)) {
    const place = join(path, name);
    const isOwn = writes.some((each) => isWithin(each.replace(/\/$/, ""), name));
    if (isOwn || fresh.some((pattern) => matches(pattern, name))) continue;
    const kind = statOf(place);
    if (!kind?.isFile() && !kind?.isDirectory()) continue;
    // By a socket it would reach a program of the person's that runs outside.
    if (kind.isDirectory() && namesIn(place).some((inner) => lstatOf(join(place, inner))?.isSocket()))
      continue;
    words.push(...shownAt(place));
  }
  return words;
}

/** What a link leads to, at its place. The person's own sessions make files there and remove them at any time. */
function shownAt(path: string, how = "--ro-bind-try"): string[] {
  try {
    return [how, fs.realpathSync(path), path];
  } catch {
    return [];
  }
}

function writableFile(path: string): string[] {
  return statOf(path)?.isFile() ? shownAt(path, "--bind-try") : [];
}

function writableFolder(top: string, name: string): string[] {
  const path = join(top, name);
  // Only what stands in the folder itself is the person's for sure; further down a link could be a step's.
  if (dirname(path) !== top && lstatOf(path)?.isSymbolicLink()) return [];
  fs.mkdirSync(path, { recursive: true, mode: 0o700 });
  return ["--bind", fs.realpathSync(path), path];
}

/** What is mounted can't be moved away, so each folder on the way is. */
function kept(at: ShownSettings): string[] {
  const all = at.keeps.map((pattern) => foldersOf(at, pattern));
  const folders = all.flatMap((each) => each.folders);
  const missing = folders.filter((folder) => !lstatOf(folder));
  for (const folder of missing) fs.mkdirSync(folder, { mode: 0o700 });
  return [
    ...[...new Set(all.flatMap((each) => each.between))].flatMap((folder) => ["--bind", folder, folder]),
    ...folders.flatMap((folder) => ["--ro-bind", folder, folder]),
  ];
}

/** The folders that a pattern of `keeps` stands for, and those between them and the one that may be written to. */
function foldersOf(
  { path, keeps, writes }: ShownSettings,
  pattern: string,
): { between: string[]; folders: string[] } {
  const named = keeps.map((name) => join(path, name));
  const every = (folder: string) =>
    namesIn(folder)
      .map((name) => join(folder, name))
      .filter((inner) => lstatOf(inner)?.isDirectory() && !named.includes(inner));
  const all: string[][] = [[path]];
  for (const name of pattern.split("/")) {
    const above = all.at(-1) as string[];
    const inner = above.flatMap((folder) => (name === "*" ? every(folder) : [join(folder, name)]));
    all.push(inner);
  }
  const folders = all.pop() as string[];
  const tops = writes.map((name) => join(path, name.replace(/\/$/, "")));
  const isBetween = (folder: string) => tops.some((top) => isWithin(folder, top) && folder !== top);
  return { between: all.slice(1).flat().filter(isBetween), folders };
}

/** What stands as a link, or as a file, where a folder has to be kept as it is: a step could have put it there. */
export function linkAmongKept(settings: readonly ShownSettings[]): string | undefined {
  const folders = settings.flatMap((at) => at.keeps.flatMap((pattern) => foldersOf(at, pattern).folders));
  return folders.find((path) => lstatOf(path)?.isDirectory() === false);
}

/** The folder with more of them than can be kept as they are; undefined if each holds few enough. */
export function overfullAmongKept(settings: readonly ShownSettings[]): string | undefined {
  for (const at of settings)
    for (const pattern of at.keeps)
      if (foldersOf(at, pattern).folders.length > mostFolders)
        return join(at.path, pattern.split("/*")[0] as string);
  return undefined;
}

const matches = (pattern: string, name: string) => {
  const [before = "", after] = pattern.split("*");
  return after === undefined
    ? name === pattern
    : name.startsWith(before) && name.slice(before.length).endsWith(after);
};

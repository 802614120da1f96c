import * as fs from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { Stray } from "../../core/policy/words";

const obeyed = /^\.(?:threados|git)$/i;
/** The kernel follows no more than that in one path, and opens no path that is longer. */
const maxLinks = 40;
const maxPath = 4096;
/** A command of more words is refused before anything else is asked about it. */
const maxWords = 10_000;

/** Which words of a command lead out of the workspace, or to what steps may not write, once their links are followed. */
export function straysByLink(root: string, folder: string, words: readonly string[]): Map<string, Stray> {
  const found = new Map<string, Stray>();
  for (const word of new Set(words.slice(0, maxWords))) {
    for (const path of pathsIn(word)) {
      const stray = strayOf(root, leadsTo(folder, path));
      if (stray !== undefined) found.set(word, stray);
    }
  }
  return found;
}

/** A flag carries its path behind `=`, or right behind its letter. */
function pathsIn(word: string): string[] {
  if (word.length >= maxPath) return [];
  if (!word.startsWith("-")) return [word];
  const at = word.indexOf("=");
  const values = [at < 0 ? "" : word.slice(at + 1), word.startsWith("--") ? "" : word.slice(2)];
  return [word, ...values.filter((value) => value !== "")];
}

function strayOf(root: string, real: string | undefined): Stray | undefined {
  if (real === root) return undefined;
  if (!real?.startsWith(root + sep)) return "outside";
  const parts = relative(root, real).split(sep);
  return parts.some((part) => obeyed.test(part)) ? "protected" : undefined;
}

/**
 * The real path of what a program would open there, or make there: links to nothing are followed as well. Undefined
 * where links turn in circles, and in /proc, where they lead each process somewhere else.
 */
function leadsTo(folder: string, path: string): string | undefined {
  let at = path.startsWith("/") ? "/" : folder;
  let missing = false;
  let followed = 0;
  const ahead = path.split("/").reverse();
  for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      at = dirname(at);
      missing = false;
      continue;
    }
    const next = join(at, part);
    if (next === "/proc") return undefined;
    const target: Target = missing ? "nothing" : linkAt(next);
    if (typeof target === "object") {
      followed += 1;
      if (followed > maxLinks) return undefined;
      if (target.to.startsWith("/")) at = "/";
      ahead.push(...target.to.split("/").reverse());
    } else {
      at = next;
      missing = target === "nothing";
    }
  }
  return at;
}

type Target = { to: string } | "no link" | "nothing";

function linkAt(path: string): Target {
  try {
    return { to: fs.readlinkSync(path) };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EINVAL" ? "no link" : "nothing";
  }
}

import * as fs from "node:fs";
import { delimiter, join } from "node:path";

const found = new Map<string, string>();

/**
 * The file a command's first word stands for. A bare word is looked up on the PATH, so that the shell around it never
 * takes it for one of its own commands; a word with a slash is left as it is (relative to the step's folder).
 */
export function resolveExecutable(word: string, path: string): string | undefined {
  if (word.includes("/")) return word;
  const key = `${path}\0${word}`;
  const known = found.get(key);
  if (known && isExecutable(known)) return known;
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder || ".", word);
    if (!candidate.startsWith("/") || !isExecutable(candidate)) continue;
    found.set(key, candidate);
    return candidate;
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.X_OK);
    return fs.statSync(path).isFile();
  } catch {
    return false;
  }
}

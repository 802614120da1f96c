// Remembers what a step was done for, so that it is done again only when that changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./process.mjs";

const folder = join(root, "node_modules", ".threados-setup");

/** A digest over the contents of files and folders (relative to the repository; missing ones count as such) and words. */
export function digest(paths, words = []) {
  const hash = createHash("sha256").update(JSON.stringify(words));
  for (const path of paths.flatMap(filesIn))
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest("hex");
}

/** Whether the step was last done for this very digest. */
export function isDone(step, value) {
  try {
    return readFileSync(join(folder, step), "utf8") === value;
  } catch {
    return false;
  }
}

/** Records that the step was done for this digest. */
export function markDone(step, value) {
  const file = join(folder, step);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, value);
}

function filesIn(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return readdirSync(full, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort();
}

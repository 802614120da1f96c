import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made: string[] = [];

/** A fresh folder that `sweep` removes; `under` may be on another file system. */
export function scratch(under = tmpdir()): string {
  const path = fs.realpathSync(fs.mkdtempSync(join(under, "threados-scratch-")));
  made.push(path);
  return path;
}

/** Removes the scratch folders of a test; for `afterEach`. */
export function sweep(): void {
  for (const path of made.splice(0)) fs.rmSync(path, { recursive: true, force: true });
}

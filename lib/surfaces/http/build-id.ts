import * as fs from "node:fs";
import { join } from "node:path";

/** What a program was made from: two of the same id serve the same page and answer alike. */
export interface Build {
  version: string;
  id: string;
}

/** The build that stands in a folder; undefined where none does, or one is under way. */
export function buildIn(folder: string, version: string): Build | undefined {
  try {
    const id = fs.readFileSync(join(folder, "build-id"), "utf8").trim();
    return id === "" ? undefined : { version, id };
  } catch {
    return undefined;
  }
}

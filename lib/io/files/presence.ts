import * as fs from "node:fs";

/** What stands at a path, links followed; undefined where nothing does, or where it can't be told. */
export function statOf(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path);
  } catch {
    return undefined;
  }
}

/** What stands at a path itself, a link too; undefined where nothing does, or where it can't be told. */
export function lstatOf(path: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(path);
  } catch {
    return undefined;
  }
}

/** The names in a folder; none if it can't be read. */
export function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** The path without links in it; undefined where it leads to nothing, or where that can't be told. */
export function realPath(path: string): string | undefined {
  try {
    return fs.realpathSync(path);
  } catch {
    return undefined;
  }
}

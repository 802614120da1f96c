import * as fs from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeAtomic } from "../files/atomic";
import { argvOf } from "../process/tree";

/** Which pane shows which step, and where that mprocs is reached. */
export const MprocsMap = z.strictObject({
  version: z.literal(1),
  /** Null where it takes no commands: a step in a sandbox could have sent some. */
  port: z.int().min(1).max(65_535).nullable(),
  /** The tmux server that mprocs runs in; null where it has a terminal of its own. */
  session: z.string().nullable(),
  config: z.string(),
  /** Index of each step's pane. */
  panes: z.record(z.string(), z.int().min(0)),
});
export type MprocsMap = z.infer<typeof MprocsMap>;

const mapFile = (folder: string) => join(folder, "state", "mprocs-map.json");

/** The folder of the panes' files, in a workspace's `.threados`. */
export const panesFolder = (folder: string) => join(folder, "state", "panes");

/** Writes the map. */
export function writeMap(folder: string, map: MprocsMap): void {
  writeAtomic(mapFile(folder), `${JSON.stringify(map, null, 2)}\n`);
}

/** The map as it stands; undefined if there is none that can be relied on. */
export function readMap(folder: string): MprocsMap | undefined {
  try {
    return MprocsMap.parse(JSON.parse(fs.readFileSync(mapFile(folder), "utf8")));
  } catch {
    return undefined;
  }
}

/** Whether an mprocs is open that takes commands at a port, or one is being opened that may. */
export function isListening(folder: string): boolean {
  if (isOpening(folder)) return true;
  const map = readMap(folder);
  if (typeof map?.port !== "number") return false;
  // It listens before its panes are up, and without them.
  return isOpen(folder) || argvIn(processFile(folder))?.includes(map.config) === true;
}

/** Whether the panes of the map live: asked of the process list, since mprocs' port must never be tried. */
export function isOpen(folder: string): boolean {
  return argvIn(join(panesFolder(folder), "pid"))?.includes("threados-pane") === true;
}

/** Where the process of an mprocs that listens is noted, before it does. */
export const processFile = (folder: string) => join(folder, "state", "mprocs-pid");

const openerFile = (folder: string) => join(folder, "state", "mprocs-opener");

/** Notes that this process opens mprocs: it counts as listening until that is taken back, or this process has gone. */
export function noteOpening(folder: string): void {
  writeAtomic(openerFile(folder), `${process.pid}\n`);
}

/** Takes back that this process opens mprocs. */
export function forgetOpening(folder: string): void {
  fs.rmSync(openerFile(folder), { force: true });
}

function isOpening(folder: string): boolean {
  const argv = argvIn(openerFile(folder));
  return argv?.includes("mprocs") === true && argv.includes("open");
}

/** The words of the process that a file names; undefined if there is none. */
function argvIn(file: string): string[] | undefined {
  try {
    return argvOf(Number(fs.readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

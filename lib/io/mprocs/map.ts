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

/** Whether an mprocs is open that takes commands at a port. */
export function isListening(folder: string): boolean {
  return typeof readMap(folder)?.port === "number" && isOpen(folder);
}

/** Whether the panes of the map live: asked of the process list, since mprocs' port must never be tried. */
export function isOpen(folder: string): boolean {
  try {
    const pid = Number(fs.readFileSync(join(panesFolder(folder), "pid"), "utf8"));
    return argvOf(pid)?.includes("threados-pane") === true;
  } catch {
    return false;
  }
}

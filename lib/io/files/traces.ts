import * as fs from "node:fs";

const restMs = 100;

/**
 * What tells one state of a file from another without reading it. Undefined where that can't be trusted: a change within
 * the clock's own grain could leave the same traces, so only what has rested for a while has any.
 */
export function tracesOf(path: string): string | undefined {
  try {
    return tracesIn(fs.statSync(path, { bigint: true }));
  } catch {
    // What is the matter with it, such as a link to itself, is said by whoever reads it.
    return undefined;
  }
}

/** The same of a file that is open already. */
export function tracesIn(stat: fs.BigIntStats): string | undefined {
  const rested = Date.now() - Number(stat.mtimeMs) > restMs;
  return rested ? `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}` : undefined;
}

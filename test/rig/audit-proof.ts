import { createHash } from "node:crypto";

/** Checks an audit log's chain without the product's own code; the number of entries. */
export function proveAudit(lines: readonly string[]): number {
  let prev = "0".repeat(64);
  for (const [index, line] of lines.entries()) {
    const [, hashed, hash] = /^(.*),"hash":"([0-9a-f]{64})"\}$/.exec(line) ?? [];
    if (hashed === undefined || hash === undefined) throw new Error(`line ${index + 1} has no hash`);
    if (createHash("sha256").update(hashed).digest("hex") !== hash)
      throw new Error(`line ${index + 1} was changed`);
    const entry = JSON.parse(line);
    if (entry.prev !== prev || entry.seq !== index + 1) throw new Error(`line ${index + 1} does not follow`);
    prev = hash;
  }
  return lines.length;
}

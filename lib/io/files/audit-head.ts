import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { type Checkpoint, parseSeen, type Seen } from "../../core/audit/checkpoint";
import { appendWhole, writeAtomic } from "./atomic";
import { sha256 } from "./digest";
import { ifReadable, linesBackwards, linesForwards } from "./lines";
import { stateFolder } from "./user-folders";

const maxBytes = 1024 * 1024;

/**
 * `$XDG_STATE_HOME/threados/<hash>/audit-head.jsonl` of a workspace: heads of its audit log, where no repository reaches;
 * beside it, in `audit-seen.json`, what the newest pass over the log has found.
 */
export function auditHead(root: string) {
  const path = inState(root, "audit-head.jsonl");
  const seenPath = inState(root, "audit-seen.json");
  let known: Seen | undefined;
  return {
    path,
    seen: (print: string): Seen | undefined => {
      if (known?.stat === print) return known;
      const seen = readSeen(seenPath);
      return seen?.stat === print ? seen : undefined;
    },
    /** Known to this process alone: the checkpoint says the same to the others. */
    remember: (print: string) => {
      known = { stat: print };
    },
    noteSeen: (seen: Seen) => {
      known = seen;
      try {
        fs.mkdirSync(dirname(seenPath), { recursive: true, mode: 0o700 });
        writeAtomic(seenPath, `${JSON.stringify(seen)}\n`, 0o600);
      } catch {
        // As for a checkpoint: another process looks for itself.
      }
    },
    /** Adds a checkpoint. It vouches, it decides nothing: where it can't be kept the log goes on without it, and `audit verify` says so. */
    add: (checkpoint: Checkpoint) => {
      try {
        append(path, `${JSON.stringify(checkpoint)}\n`);
      } catch {
        // No home, a full disk, a read-only one: told when somebody asks.
      }
    },
    newest: (): string | undefined => {
      for (const line of ifReadable(path, linesBackwards)) if (line !== "") return line;
      return undefined;
    },
    lines: function* (): Generator<string> {
      for (const { bytes } of ifReadable(path, linesForwards)) yield bytes.toString("utf8");
    },
  };
}

const inState = (root: string, name: string) => join(stateFolder(), sha256(root).slice(0, 16), name);

function readSeen(path: string): Seen | undefined {
  try {
    return parseSeen(fs.readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

function append(path: string, line: string): void {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = fs.constants;
  const flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW;
  let fd: number;
  try {
    fd = fs.openSync(path, flags, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    fd = fs.openSync(path, flags, 0o600);
  }
  try {
    appendWhole(fd, line, false);
    if (fs.fstatSync(fd).size <= maxBytes) return;
  } finally {
    fs.closeSync(fd);
  }
  // Each hash stands for all before it, so the older half can go.
  const text = fs.readFileSync(path, "utf8");
  writeAtomic(path, text.slice(text.indexOf("\n", text.length >> 1) + 1), 0o600);
}

import * as fs from "node:fs";
import { join } from "node:path";
import type { Result } from "../../core/result";
import { writeAtomic } from "../files/atomic";
import { sha256 } from "../files/digest";
import { socketPlace } from "../files/socket-place";

/** The name of the note in an attempt's folder that says where its terminal is reached. */
export const terminalNote = "tty.json";

/** A path for the socket of an attempt's terminal, in a folder of this user alone. */
export function socketFor(root: string, attempt: string): Result<string> {
  return socketPlace(root, `tty-${sha256(attempt).slice(0, 16)}`);
}

/** Notes in an attempt's folder where its terminal is reached, and that it tells how many sit there. */
export function noteSocket(folder: string, socket: string): void {
  writeAtomic(join(folder, terminalNote), JSON.stringify({ socket, counts: true }), 0o600);
}

interface Note {
  socket: string;
  /** Whether it understands who asks how many sit there: one of an earlier version does not. */
  counts: boolean;
}

/** How the terminal of an attempt is reached; undefined if it has none. */
export function notedTerminal(folder: string): Note | undefined {
  try {
    const { socket, counts } = JSON.parse(fs.readFileSync(join(folder, terminalNote), "utf8")) as {
      socket?: unknown;
      counts?: unknown;
    };
    return typeof socket === "string" ? { socket, counts: counts === true } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a socket stands there that belongs to this very user. */
export function isOwnSocket(path: string): boolean {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  return stat?.isSocket() === true && (process.getuid === undefined || stat.uid === process.getuid());
}

/** Removes the socket of an attempt that has ended; one that was killed could not. */
export function forgetSocket(folder: string): void {
  const socket = notedTerminal(folder)?.socket;
  if (socket !== undefined && isOwnSocket(socket)) fs.rmSync(socket, { force: true });
}

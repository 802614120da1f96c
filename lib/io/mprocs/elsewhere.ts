import * as fs from "node:fs";
import { join } from "node:path";
import { readIfThere } from "../files/atomic";
import { sha256 } from "../files/digest";
import { stateFolder } from "../files/user-folders";
import { isListening, noteOpening } from "./map";

const maxBytes = 65_536;
const opened = () => join(stateFolder(), "mprocs");

/** The note that a step in a sandbox got the network. */
export const networked = () => join(stateFolder(), "sandbox-network");

/**
 * Notes for all of the user's workspaces that mprocs of this one is being opened, until `forgetOpening`; whether it may listen at a port: not where any of
 * them has had a step in a sandbox with network, which could reach it, nor where nothing can be noted.
 */
export function mayListen(root: string): boolean {
  try {
    fs.mkdirSync(opened(), { recursive: true, mode: 0o700 });
    fs.writeFileSync(join(opened(), sha256(root).slice(0, 16)), root, { mode: 0o600 });
    // Noted before it looks, as a step's start does: of two at the same moment one sees the other.
    noteOpening(join(root, ".threados"));
    return !fs.existsSync(networked());
  } catch {
    return false;
  }
}

/** Notes that a step in a sandbox gets the network: from here on no mprocs of this user is opened with a port. */
export function noteNetwork(): void {
  try {
    fs.mkdirSync(stateFolder(), { recursive: true, mode: 0o700 });
    fs.closeSync(fs.openSync(networked(), "a", 0o600));
  } catch {
    // Where no note can be kept no mprocs of this user listens either.
  }
}

/** The workspace, this one first, whose mprocs takes commands at a port; undefined if none does. */
export function listeningWorkspace(root: string): string | undefined {
  return [root, ...noted()].find((each) => isListening(join(each, ".threados")));
}

function noted(): string[] {
  let names: string[];
  try {
    names = fs.readdirSync(opened());
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const read = readIfThere(join(opened(), name), maxBytes);
    return read && "bytes" in read ? [read.bytes.toString("utf8")] : [];
  });
}

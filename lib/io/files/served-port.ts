import * as fs from "node:fs";
import { join } from "node:path";
import { writeAtomic } from "./atomic";

const maxBytes = 16;

/** The port at which a workspace was served last: a page that is still open looks for its server there. */
export interface ServedPort {
  /** Undefined if nobody noted one that could be taken. */
  read(): number | undefined;
  write(port: number): void;
}

/** The note of it in the workspace; whoever can't write there is served elsewhere the next time. */
export function servedPortOf(root: string): ServedPort {
  const path = join(root, ".threados", "state", "ui-port");
  return {
    read: () => {
      try {
        const text = fs.statSync(path).size <= maxBytes ? fs.readFileSync(path, "utf8").trim() : "";
        const port = /^\d{4,5}$/.test(text) ? Number(text) : 0;
        return port >= 1024 && port < 65_536 ? port : undefined;
      } catch {
        return undefined;
      }
    },
    write: (port) => {
      try {
        writeAtomic(path, `${port}\n`, 0o600);
      } catch {
        // A workspace that can only be read is served all the same.
      }
    },
  };
}

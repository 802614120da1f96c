import * as fs from "node:fs";
import { join } from "node:path";
import { err, ok } from "../../core/result";
import { idPattern } from "../../core/sequence/ids";
import type { ArtifactStore } from "../../runtime/ports";

const fileName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Files the shim and engine keep for themselves in an attempt's folder. */
export const bookkeeping = /^(?:claim-\d+|exit-\d+|inputs\.json|tty\.json)$/;

/** The folder of one attempt. */
export function attemptFolder(folder: string, run: string, step: string, attempt: number): string {
  return `${folder}/runs/${run}/${step}/attempts/${attempt}`;
}

/** What attempts left behind, read without ever following a link. */
export function artifactFiles(folder: string): ArtifactStore {
  return {
    path: (run, step, attempt) => attemptFolder(folder, run, step, attempt),
    list: (run, step, attempt) => {
      if (!idPattern.test(run) || !idPattern.test(step)) return [];
      let entries: fs.Dirent[];
      try {
        entries = fs.readdirSync(attemptFolder(folder, run, step, attempt), { withFileTypes: true });
      } catch {
        return [];
      }
      const files = entries.filter((entry) => entry.isFile() && !bookkeeping.test(entry.name));
      const size = (name: string) =>
        fs.statSync(join(attemptFolder(folder, run, step, attempt), name), { throwIfNoEntry: false })?.size ??
        0;
      return files.map(({ name }) => ({ name, size: size(name) })).sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    read: (run, step, attempt, name, from, limit) => {
      const unknown = err({ code: "artifact.unknown", name, step });
      if (!idPattern.test(run) || !idPattern.test(step) || !fileName.test(name) || !Number.isInteger(attempt))
        return unknown;
      let fd: number;
      try {
        const flags = fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK;
        fd = fs.openSync(join(attemptFolder(folder, run, step, attempt), name), flags);
      } catch {
        return unknown;
      }
      try {
        const stat = fs.fstatSync(fd);
        if (!stat.isFile()) return unknown;
        const start = from < 0 ? Math.max(0, stat.size + from) : Math.min(from, stat.size);
        const bytes = Buffer.alloc(Math.max(0, Math.min(limit, stat.size - start)));
        const read = fs.readSync(fd, bytes, 0, bytes.length, start);
        return ok({ bytes: bytes.subarray(0, read), size: stat.size, from: start });
      } finally {
        fs.closeSync(fd);
      }
    },
  };
}

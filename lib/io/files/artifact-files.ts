import * as fs from "node:fs";
import { join } from "node:path";
import type { ShownFile } from "../../core/engine/exhibit";
import { err, ok } from "../../core/result";
import { idPattern } from "../../core/sequence/ids";
import type { ArtifactStore } from "../../runtime/ports";
import { lastSignOfLife, outputFolder } from "../process/life";
import { sha256InPieces } from "./digest";
import { tracesIn } from "./traces";

const fileName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Files the shim and engine keep for themselves in an attempt's folder. */
export const bookkeeping = /^(?:claim-\d+|revoke-\d+\.tmp|exit-\d+|inputs\.json|order\.json|tty\.json)$/;

/** The folder of one attempt. */
export function attemptFolder(folder: string, run: string, step: string, attempt: number): string {
  return `${folder}/runs/${run}/${step}/attempts/${attempt}`;
}

/** What attempts left behind, read without ever following a link; `outputs` says where those write that are under way. */
export function artifactFiles(folder: string, outputs: () => string): ArtifactStore {
  return {
    seenAt: (run, step, attempt) =>
      lastSignOfLife(attemptFolder(folder, run, step, attempt), outputFolder(outputs(), run, step, attempt)),
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
    digest: (run, step, attempt, name, known) => {
      const fd = openPlain(folder, { run, step, attempt, name });
      if (fd === undefined) return undefined;
      try {
        return digestOf(fd, known);
      } finally {
        fs.closeSync(fd);
      }
    },
    read: (run, step, attempt, name, from, limit) => {
      const unknown = err({ code: "artifact.unknown", name, step });
      const fd = openPlain(folder, { run, step, attempt, name });
      if (fd === undefined) return unknown;
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

interface Place {
  run: string;
  step: string;
  attempt: number;
  name: string;
}

/** Opens a file of an attempt for reading, behind no link; undefined if it can't be. */
function openPlain(folder: string, { run, step, attempt, name }: Place): number | undefined {
  if (!idPattern.test(run) || !idPattern.test(step) || !fileName.test(name) || !Number.isInteger(attempt))
    return undefined;
  try {
    const flags = fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK;
    return fs.openSync(join(attemptFolder(folder, run, step, attempt), name), flags);
  } catch {
    return undefined;
  }
}

/** Digest and size of an open file. What changed while it was read leaves no traces, so that it is read again next time. */
function digestOf(fd: number, known: ShownFile | undefined): Omit<ShownFile, "name"> | undefined {
  const before = fs.fstatSync(fd, { bigint: true });
  if (!before.isFile()) return undefined;
  const traces = tracesIn(before);
  if (known && traces !== undefined && traces === known.traces) return known;
  let size = 0;
  const sha256 = sha256InPieces(pieces(fd, (read) => (size += read)));
  const after = tracesIn(fs.fstatSync(fd, { bigint: true }));
  return { size, sha256, ...(traces !== undefined && traces === after ? { traces } : {}) };
}

const pieceBytes = 1024 * 1024;

function* pieces(fd: number, count: (read: number) => void): Generator<Uint8Array> {
  const piece = Buffer.alloc(pieceBytes);
  for (let at = 0; ; ) {
    const read = fs.readSync(fd, piece, 0, pieceBytes, at);
    if (read === 0) return;
    at += read;
    count(read);
    yield piece.subarray(0, read);
  }
}

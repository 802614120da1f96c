import * as fs from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { Checkpoint } from "../../core/audit/checkpoint";
import type { AuditStore, KeptPart, LinePlace, LogStat, RawLine } from "../../runtime/ports";
import { appendWhole, fsyncFolder, writeAtomic } from "./atomic";
import { auditHead } from "./audit-head";
import { hasher, sha256 } from "./digest";
import { cutTornBytes, linesBackwards, linesForwards, tornBytes } from "./lines";

const maxSegmentBytes = 16 * 1024 * 1024;
const name = "audit.log";

/**
 * `<folder>/audit.log`: JSON lines, appended under the workspace lock and fsynced each time. A full one is renamed to
 * `audit-<n>.log`, and the next entry begins a new one; the chain runs through all of them.
 */
export function auditFile(folder: string, segmentBytes = maxSegmentBytes): AuditStore {
  const path = join(folder, name);
  const head = auditHead(dirname(folder));
  const vouch = (checkpoint: Checkpoint) => {
    const stat = statOf(folder);
    head.add(stat ? { ...checkpoint, stat: stat.print } : checkpoint);
    if (stat) head.remember(stat.print);
  };
  return {
    path,
    tail: () => {
      const torn = tornBytes(path);
      // Taken apart, not asked for its next: that would leave the file open.
      const [last] = backwards(folder);
      return { last, torn };
    },
    size: () => {
      const stat = fs.statSync(path, { throwIfNoEntry: false });
      // A new segment may be as long as the one before it was, but is another file.
      return stat ? (stat.ino % 2 ** 20) * 2 ** 32 + stat.size : 0;
    },
    cutTorn: () => {
      const torn = tornBytes(path);
      if (torn > 0) cutTornBytes(path, torn);
    },
    append: (line, checkpoint) => {
      rotate(folder, segmentBytes);
      const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = fs.constants;
      const fd = fs.openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o644);
      try {
        appendWhole(fd, `${line}\n`, true);
      } finally {
        fs.closeSync(fd);
      }
      // Never before the entry is safe: a checkpoint may lag behind the log, and must not lead it.
      vouch(checkpoint);
    },
    keepFrom: (first) => keepFrom(folder, first),
    replaceFrom: (first, line, checkpoint) => {
      const [at, ...behind] = spoiltParts(folder, first);
      if (!at) return;
      const good = fs.readFileSync(at.file).subarray(0, at.from);
      writeAtomic(at.file, Buffer.concat([good, Buffer.from(`${line}\n`)]), modeOf(at.file));
      // Kept as well. A crash before this leaves a log whose end is still none, and which is accepted anew.
      for (const { file } of behind) fs.unlinkSync(file);
      if (behind.length > 0) fsyncFolder(folder);
      vouch(checkpoint);
    },
    backwards: () => backwards(folder),
    forwards: function* () {
      for (const { bytes, number } of forwards(folder))
        yield { line: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8"), number };
    },
    raw: () => forwards(folder),
    checkpoints: () => head.lines(),
    checkpointsAt: head.path,
    checkpoint: () => head.newest(),
    digestOf: (from, to) => digestOf(folder, from, to),
    firstChanged: (from, kept, lines) => firstChanged(folder, from, kept, lines),
    stat: () => statOf(folder),
    seen: head.seen,
    noteSeen: head.noteSeen,
  };
}

/** Whoever changes a file can set its time of change back, but not the time at which that was done. */
function statOf(folder: string): LogStat | undefined {
  let bytes = 0;
  let looks = "";
  for (const path of [...segmentsOf(folder).map((segment) => segment.path), join(folder, name)]) {
    const stat = fs.statSync(path, { throwIfNoEntry: false, bigint: true });
    if (!stat) continue;
    bytes += Number(stat.size);
    looks += `${path.slice(folder.length)} ${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}\n`;
  }
  return looks === "" ? undefined : { print: sha256(looks).slice(0, 32), bytes };
}

function digestOf(folder: string, from: number, to: number): string {
  const hash = hasher();
  for (const [at, { bytes }] of numbered(forwards(folder))) {
    if (at >= to) break;
    if (at < from) continue;
    hash.add(bytes);
    hash.add("\n");
  }
  return hash.soFar();
}

function firstChanged(
  folder: string,
  from: number,
  kept: readonly KeptPart[],
  lines: number,
): LinePlace | undefined {
  const before = keptLines(folder, kept);
  for (const [at, { bytes, file, number }] of numbered(forwards(folder))) {
    if (at < from) continue;
    if (at >= from + lines) return undefined;
    const { value, done } = before.next();
    if (done) return undefined;
    if (!value.equals(bytes)) return { file, line: number };
  }
  return undefined;
}

/** Nothing of a part that is gone, or is not what was kept any more. */
function* keptLines(folder: string, kept: readonly KeptPart[]): Generator<Buffer, undefined> {
  for (const part of kept) {
    const path = join(folder, basename(part.kept));
    if (!fs.existsSync(path) || sha256(fs.readFileSync(path)) !== part.sha256) return;
    for (const { bytes } of linesForwards(path, true)) yield bytes;
  }
}

function* numbered<T>(all: Iterable<T>): Generator<[number, T]> {
  let at = 0;
  for (const each of all) yield [at++, each];
}

/** One rename: before it the full segment is the log, after it the log is empty, and its end is looked for in the segment. */
function rotate(folder: string, segmentBytes: number): void {
  const path = join(folder, name);
  if ((fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0) < segmentBytes) return;
  const last = segmentsOf(folder).at(-1)?.number ?? 0;
  fs.renameSync(path, join(folder, `audit-${last + 1}.log`));
  fsyncFolder(folder);
}

/** What stands from a line on, by file, oldest first: the rest of its own, and the whole of each later one. */
function spoiltParts(folder: string, first: LinePlace): { file: string; line: number; from: number }[] {
  const files = [...segmentsOf(folder).map(({ path }) => path), join(folder, name)].filter(fs.existsSync);
  const behind = files.slice(files.indexOf(first.file) + 1);
  let from = 0;
  for (const { bytes, number } of linesForwards(first.file)) {
    if (number === first.line) break;
    from += bytes.length + 1;
  }
  return [{ ...first, from }, ...behind.map((file) => ({ file, line: 1, from: 0 }))];
}

const modeOf = (path: string) => fs.statSync(path).mode & 0o777;

function keepFrom(folder: string, first: LinePlace): KeptPart[] {
  return spoiltParts(folder, first).flatMap(({ file, line, from }) => {
    const bytes = fs.readFileSync(file).subarray(from);
    if (bytes.length === 0) return [];
    const kept = keepBytes(`${file}.spoilt-${from}`, bytes, modeOf(file));
    const place = (path: string) => relative(dirname(folder), path);
    return [{ file: place(file), line, kept: place(kept), bytes: bytes.length, sha256: sha256(bytes) }];
  });
}

/** A crash may have come behind this: the same bytes are kept once, and others never written over. */
function keepBytes(path: string, bytes: Uint8Array, mode: number): string {
  for (let nth = 1; ; nth++) {
    const kept = nth === 1 ? path : `${path}-${nth}`;
    const there = fs.existsSync(kept) ? fs.readFileSync(kept) : undefined;
    if (there?.equals(bytes)) return kept;
    if (there) continue;
    writeAtomic(kept, bytes, mode);
    return kept;
  }
}

/** Full segments, oldest first. */
function segmentsOf(folder: string): { path: string; number: number }[] {
  return fs
    .readdirSync(folder)
    .flatMap((file) => {
      const number = /^audit-([1-9]\d{0,8})\.log$/.exec(file)?.[1];
      return number === undefined ? [] : [{ path: join(folder, file), number: Number(number) }];
    })
    .sort((a, b) => a.number - b.number);
}

function openIfThere(path: string): number | undefined {
  try {
    return fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The segments before the open log; one that it has become meanwhile is not read twice. */
function segmentsBefore(folder: string, current: number | undefined) {
  const ino = current === undefined ? undefined : fs.fstatSync(current).ino;
  const segments = segmentsOf(folder);
  const same = segments.findIndex(({ path }) => fs.statSync(path, { throwIfNoEntry: false })?.ino === ino);
  return same < 0 ? segments : segments.slice(0, same);
}

function* backwards(folder: string): Generator<string> {
  const current = openIfThere(join(folder, name));
  try {
    if (current !== undefined) yield* linesBackwards(current);
    for (const { path } of segmentsBefore(folder, current).reverse()) yield* linesBackwards(path);
  } finally {
    if (current !== undefined) fs.closeSync(current);
  }
}

function* forwards(folder: string): Generator<RawLine> {
  const current = openIfThere(join(folder, name));
  try {
    for (const { path } of segmentsBefore(folder, current)) {
      // Nothing may stand behind the last line of a segment that was closed: what does is a line that does not verify.
      for (const { bytes, number } of linesForwards(path, true)) yield { bytes, number, file: path };
    }
    const file = join(folder, name);
    if (current !== undefined)
      for (const { bytes, number } of linesForwards(current)) yield { bytes, number, file };
  } finally {
    if (current !== undefined) fs.closeSync(current);
  }
}

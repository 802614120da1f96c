import * as fs from "node:fs";
import { join } from "node:path";
import type { Recorded } from "../../core/engine/fact";
import { err, ok, type Result } from "../../core/result";
import type { Journal, RunStore } from "../../runtime/ports";
import { appendWhole, fsyncFolder } from "./atomic";
import { hasher, sha256 } from "./digest";
import { cutTornBytes, linesForwards } from "./lines";

const ulid = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** A step in a sandbox sees the journal on a file system that it can only read; who only looks may be another user. */
function openJournal(path: string): number {
  const { O_RDWR, O_RDONLY, O_APPEND, O_NOFOLLOW } = fs.constants;
  try {
    return fs.openSync(path, O_RDWR | O_APPEND | O_NOFOLLOW);
  } catch (error) {
    if (!["EROFS", "EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return fs.openSync(path, O_RDONLY | O_NOFOLLOW);
  }
}

/** Opens `events.jsonl`, reading on from where the last call stopped. */
function journalFile(run: string, path: string): Journal {
  const fd = openJournal(path);
  let offset = 0;
  let lines = 0;
  const unfinished = () => fs.fstatSync(fd).size - offset;
  return {
    run,
    news: (): Result<Recorded[]> => {
      const length = unfinished();
      if (length <= 0) return ok([]);
      const bytes = Buffer.alloc(length);
      const read = fs.readSync(fd, bytes, 0, length, offset);
      const end = bytes.lastIndexOf(10, read - 1);
      if (end < 0) return ok([]);
      const facts: Recorded[] = [];
      for (const line of bytes.toString("utf8", 0, end).split("\n")) {
        lines += 1;
        try {
          facts.push(JSON.parse(line) as Recorded);
        } catch {
          return err({ code: "journal.corrupt", file: path, line: lines, problem: "is not a fact" });
        }
      }
      offset += end + 1;
      return ok(facts);
    },
    append: (facts, sync) => {
      const text = facts.map((fact) => `${JSON.stringify(fact)}\n`).join("");
      appendWhole(fd, text, sync);
      offset += Buffer.byteLength(text);
      lines += facts.length;
    },
    repair: () => {
      const torn = unfinished();
      if (torn > 0) cutTornBytes(path, torn);
      return torn;
    },
    close: () => fs.closeSync(fd),
  };
}

/** `<folder>/runs/<runId>/events.jsonl`. */
export function runFiles(folder: string): RunStore {
  const runs = join(folder, "runs");
  const eventsPath = (run: string) => join(runs, run, "events.jsonl");
  // The newest run changes only when the folder of runs does.
  let known: { changed: number; run: string } | undefined;
  const list = () => {
    try {
      return fs
        .readdirSync(runs)
        .filter((name) => ulid.test(name))
        .sort();
    } catch {
      return [];
    }
  };
  return {
    list,
    newest: () => {
      const changed = fs.statSync(runs, { throwIfNoEntry: false })?.mtimeMs;
      if (changed !== undefined && changed === known?.changed) return known.run;
      const all = list().reverse();
      // A folder without a journal is a run whose opening was cut short, or is under way this moment.
      const run = all.find((id) => fs.statSync(eventsPath(id), { throwIfNoEntry: false })?.size);
      known = changed !== undefined && run !== undefined && run === all[0] ? { changed, run } : undefined;
      return run;
    },
    open: (run) => {
      if (!ulid.test(run) || !fs.existsSync(eventsPath(run))) return err({ code: "run.unknown", id: run });
      return ok(journalFile(run, eventsPath(run)));
    },
    create: (run) => {
      fs.mkdirSync(join(runs, run), { recursive: true });
      fs.closeSync(fs.openSync(eventsPath(run), "ax", 0o644));
      fsyncFolder(join(runs, run));
      fsyncFolder(runs);
      return journalFile(run, eventsPath(run));
    },
    digest: (run) => sha256(fs.readFileSync(eventsPath(run))),
    beginsWith: (run, facts, digest) => beginsWith(eventsPath(run), facts, digest),
  };
}

/** What was sealed holds at least the facts that were counted: others may have added some in the same moment. */
function beginsWith(path: string, facts: number, wanted: string): boolean | undefined {
  if (!fs.existsSync(path)) return undefined;
  const hash = hasher();
  for (const { bytes, number } of linesForwards(path)) {
    hash.add(bytes);
    hash.add("\n");
    if (number >= facts && hash.soFar() === wanted) return true;
  }
  return false;
}

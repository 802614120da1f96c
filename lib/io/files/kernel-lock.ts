import * as fs from "node:fs";

/** A lock that the kernel lets go of when its holder ends, however it ends. */
export interface HeldLock {
  release(): void;
}

/** The little of SQLite that is used: its exclusive transaction on an empty database is the lock. */
interface Database {
  exec(sql: string): void;
  prepare(sql: string): { run(): unknown };
  close(): void;
}

type Open = (path: string) => Database;

/** Bun brings SQLite under one name, Node (22.13 or newer) under another; bundlers must see neither. */
function opener(): Open {
  const bun = process.getBuiltinModule("bun:sqlite" as never) as unknown as
    | { Database: new (path: string) => Database }
    | undefined;
  if (bun) return (path) => new bun.Database(path);
  const node = process.getBuiltinModule("node:sqlite" as never) as unknown as
    | { DatabaseSync: new (path: string) => Database }
    | undefined;
  if (!node) throw new Error("this runtime has no SQLite: Bun, or Node 22.13 or newer, is needed");
  return (path) => new node.DatabaseSync(path);
}

interface Handle {
  database: Database;
  /** Prepared once: the engine locks twice a step. */
  begin: { run(): unknown };
  rollback: { run(): unknown };
  /** The file it was opened on; another one at the same path is another lock. */
  inode: number | undefined;
  held: boolean;
  /** Set up for locking; even that has to wait while somebody else holds the lock. */
  ready: boolean;
}

// One handle a path, kept for the life of the process: a handle that only a local variable holds is closed by the
// garbage collector, and the lock silently goes with it; and closing any other handle on the file would drop it too.
const holder = globalThis as typeof globalThis & { threadosLocks?: Map<string, Handle> };

/** Takes the lock if it is free this moment; undefined if somebody holds it, this process included. */
export function tryLock(path: string): HeldLock | undefined {
  holder.threadosLocks ??= new Map();
  const known = holder.threadosLocks.get(path);
  if (known?.held) return undefined;
  const handle = known && known.inode === inodeOf(path) ? known : opened(path, known);
  holder.threadosLocks.set(path, handle);
  try {
    if (!handle.ready) {
      // In memory: otherwise each lock would write and remove a journal file, and wake everybody who watches the folder.
      handle.database.exec("PRAGMA journal_mode = MEMORY");
      handle.ready = true;
    }
    handle.begin.run();
  } catch (error) {
    if (/locked|busy/i.test(String(error))) return undefined;
    return sayDisk(path, error);
  }
  const release = () => {
    handle.held = false;
    handle.rollback.run();
  };
  handle.held = true;
  // Somebody replaced the file between opening and locking: this lock guards nothing.
  if (handle.inode !== undefined && handle.inode === inodeOf(path)) return { release };
  release();
  return undefined;
}

function opened(path: string, replaced: Handle | undefined): Handle {
  try {
    return openHandle(path, replaced);
  } catch (error) {
    return sayDisk(path, error);
  }
}

/** SQLite tells little of what the disk refuses: the disk is asked itself, and says which file it is and why. */
function sayDisk(path: string, error: unknown): never {
  fs.closeSync(fs.openSync(path, "a", 0o644));
  throw Object.assign(error as Error, { path, syscall: "lock" });
}

function openHandle(path: string, replaced: Handle | undefined): Handle {
  replaced?.database.close();
  const database = opener()(path);
  database.exec("PRAGMA busy_timeout = 0");
  // SQLite makes the file when it is first locked.
  if (inodeOf(path) === undefined) fs.closeSync(fs.openSync(path, "a", 0o644));
  const begin = database.prepare("BEGIN EXCLUSIVE");
  const rollback = database.prepare("ROLLBACK");
  return { database, begin, rollback, inode: inodeOf(path), held: false, ready: false };
}

function inodeOf(path: string): number | undefined {
  return fs.statSync(path, { throwIfNoEntry: false })?.ino;
}

/** Takes the lock within `waitMs`, asking again after short random pauses. */
export async function waitForLock(path: string, waitMs: number): Promise<HeldLock | undefined> {
  const deadline = performance.now() + waitMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 1.5, 25)) {
    const lock = tryLock(path);
    if (lock) return lock;
    if (performance.now() >= deadline) return undefined;
    await new Promise((resume) => setTimeout(resume, pauseMs * (0.5 + Math.random())));
  }
}

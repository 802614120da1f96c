import * as fs from "node:fs";
import { dirname } from "node:path";

/** A lock that the kernel lets go of when its holder ends, however it ends. */
export interface HeldLock {
  release(): void;
}

/** The little of SQLite that is used: its exclusive transaction on an empty database is the lock. */
interface Database {
  exec(sql: string): void;
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

// A handle that only a local variable holds is closed by the garbage collector, and the lock silently goes with it.
const holder = globalThis as typeof globalThis & { threadosLocks?: Set<Database> };

/** Takes the lock if it is free this moment; undefined if somebody holds it. */
export function tryLock(path: string): HeldLock | undefined {
  const database = opener()(path);
  holder.threadosLocks ??= new Set();
  holder.threadosLocks.add(database);
  const close = () => {
    holder.threadosLocks?.delete(database);
    database.close();
  };
  try {
    database.exec("PRAGMA busy_timeout = 0");
    const inode = inodeOf(path);
    database.exec("BEGIN EXCLUSIVE");
    // Somebody replaced the file between opening and locking: this lock guards nothing.
    if (inode === undefined || inode !== inodeOf(path)) {
      close();
      return undefined;
    }
    return { release: close };
  } catch (error) {
    close();
    if (/locked|busy/i.test(String(error))) return undefined;
    throw error;
  }
}

function inodeOf(path: string): number | undefined {
  return fs.statSync(path, { throwIfNoEntry: false })?.ino;
}

/** Takes the lock within `waitMs`, asking again after short random pauses. */
export async function waitForLock(path: string, waitMs: number): Promise<HeldLock | undefined> {
  const deadline = performance.now() + waitMs;
  fs.mkdirSync(dirname(path), { recursive: true });
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 1.5, 25)) {
    const lock = tryLock(path);
    if (lock) return lock;
    if (performance.now() >= deadline) return undefined;
    await new Promise((resume) => setTimeout(resume, pauseMs * (0.5 + Math.random())));
  }
}

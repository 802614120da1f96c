import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { err, ok, type Result } from "../../core/result";
import { writeAtomic } from "./atomic";
import { sha256 } from "./digest";

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
const FOR_OTHERS = 0o077;
const MAX_BYTES = 64 * 1024;

/** A folder of this user alone for what must not outlive the session or leave the machine: tokens and sockets. */
interface RuntimeFolder {
  path: string;
  /** Replaces a file of the folder. */
  write(name: string, text: string): void;
  /** A file's text; undefined if it is missing, a link, someone else's or readable by others. */
  read(name: string): string | undefined;
  remove(name: string): void;
}

/** The environment that says where the folder goes. */
export type RuntimeEnv = Readonly<Record<string, string | undefined>>;

/** `$XDG_RUNTIME_DIR/threados/<hash>` of a workspace, made if it is missing; a private folder below the temp folder otherwise. */
export function openRuntimeFolder(root: string, env: RuntimeEnv = process.env): Result<RuntimeFolder> {
  const hash = sha256(fs.realpathSync(root)).slice(0, 16);
  for (const path of chain(env.XDG_RUNTIME_DIR, hash)) {
    const problem = makePrivate(path);
    if (problem) {
      const hint = `see who made it (ls -ld ${path}), remove it, and try again`;
      return err({ code: "workspace.unusable", path, problem, hint });
    }
  }
  const path = chain(env.XDG_RUNTIME_DIR, hash).at(-1) as string;
  return ok({
    path,
    write: (name, text) => writeAtomic(join(path, name), text, PRIVATE_FILE),
    read: (name) => readPrivate(join(path, name)),
    remove: (name) => fs.rmSync(join(path, name), { force: true }),
  });
}

/** The folders to make, outermost first. */
function chain(base: string | undefined, hash: string): string[] {
  const own = isUsable(base) ? join(base, "threados") : inTemp();
  return [own, join(own, hash)];
}

const inTemp = () => join(tmpdir(), `threados-${process.getuid?.() ?? "user"}`);
const isUsable = (base: string | undefined): base is string =>
  base !== undefined && isAbsolute(base) && isOwnFolder(base);

/** Every folder that tokens and sockets may stand in, of this workspace or another, and other programs' sockets with them; the one in the temp folder is made, so that it is there to be kept from somebody. */
export function privateFolders(env: RuntimeEnv = process.env): string[] {
  const base = env.XDG_RUNTIME_DIR;
  makePrivate(inTemp());
  return isUsable(base) ? [base, join(base, "threados"), inTemp()] : [inTemp()];
}

// After `su` the variable often still names the folder of the user one was.
function isOwnFolder(path: string): boolean {
  try {
    const stat = fs.statSync(path);
    return stat.isDirectory() && (process.getuid === undefined || stat.uid === process.getuid());
  } catch {
    return false;
  }
}

/** Makes a folder, or says why the one that stands there can't be trusted. */
function makePrivate(path: string): string | undefined {
  try {
    fs.mkdirSync(path, { mode: PRIVATE_FOLDER });
    fs.chmodSync(path, PRIVATE_FOLDER);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") return `the folder can't be made (${code})`;
  }
  const stat = fs.lstatSync(path);
  if (stat.isSymbolicLink()) return "is a link, not a folder";
  if (!stat.isDirectory()) return "is not a folder";
  return ownership(stat);
}

/** What is wrong with who owns a thing and who may use it. Windows has neither. */
function ownership(stat: fs.Stats): string | undefined {
  const me = process.getuid?.();
  if (me === undefined) return undefined;
  if (stat.uid !== me) return `belongs to user ${stat.uid}, not to you`;
  if ((stat.mode & FOR_OTHERS) !== 0)
    return `is open to other users (mode ${(stat.mode & 0o777).toString(8)})`;
  return undefined;
}

function readPrivate(path: string): string | undefined {
  let fd: number;
  try {
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile() || stat.size > MAX_BYTES || ownership(stat)) return undefined;
    return fs.readFileSync(fd, "utf8");
  } finally {
    fs.closeSync(fd);
  }
}

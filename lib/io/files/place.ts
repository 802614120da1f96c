import * as fs from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { diskFailure } from "../../core/failure-thrown";
import { err, ok, type Result } from "../../core/result";
import { sha256 } from "./digest";
import { userCacheFolder } from "./user-folders";

/** The nearest folder from `from` upwards that holds a workspace. */
export function findWorkspace(from: string): Result<string> {
  for (let at = resolve(from); ; at = dirname(at)) {
    const stat = fs.lstatSync(join(at, ".threados"), { throwIfNoEntry: false });
    if (stat?.isDirectory()) return ok(fs.realpathSync(at));
    if (stat) {
      const problem = stat.isSymbolicLink()
        ? "is a link, and a workspace must be a folder of its own"
        : "is not a folder";
      return err({
        code: "workspace.unusable",
        path: join(at, ".threados"),
        problem,
        hint: "move it away and run `seqctl init`",
      });
    }
    if (at === dirname(at)) return missingFrom(resolve(from));
  }
}

/** The answer of a workspace that is open, or that it was moved away or removed meanwhile: what was found is nothing then. */
export async function unlessGone<T>(root: string, work: () => Promise<Result<T>>): Promise<Result<T>> {
  const isThere = () => fs.existsSync(join(root, ".threados"));
  try {
    const answer = await work();
    if (isThere()) return answer;
  } catch (error) {
    if (isThere()) throw error;
  }
  return err({ code: "workspace.missing", from: root, gone: true });
}

const looksAllowed = 500;

/** The refusal, with what stands near by and may have been meant. */
function missingFrom(from: string): Result<never> {
  const missing = { code: "workspace.missing", from } as const;
  let entries: fs.Dirent[];
  try {
    entries = fs.readdirSync(from, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return err(code === "ENOENT" || code === "ENOTDIR" ? { ...missing, absent: true } : missing);
  }
  const isWorkspace = (name: string) =>
    fs.lstatSync(join(from, name, ".threados"), { throwIfNoEntry: false })?.isDirectory() === true;
  const inside = entries
    .slice(0, looksAllowed)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => /^[\w][\w.-]*$/.test(name) && isWorkspace(name))
    .sort()
    .slice(0, 3)
    .map((name) => (from === process.cwd() ? name : join(from, name)));
  const authored = entries.some((entry) => entry.name === "sequence.yaml" && entry.isFile());
  return err({
    ...missing,
    ...(inside.length > 0 ? { inside } : {}),
    ...(authored ? { authored: from === process.cwd() ? "sequence.yaml" : join(from, "sequence.yaml") } : {}),
  });
}

/** A private place outside the workspace for what steps leave behind until it is imported. */
export function cacheFolder(root: string): string {
  return join(userCacheFolder(), sha256(root).slice(0, 16));
}

/** The private place outside the workspace for steps' worktrees; without links in it, since git notes and processes see it so. */
export function worktreesFolder(root: string): string {
  return join(realOf(cacheFolder(root)), "worktrees");
}

/** The real path of what may not be there yet. */
function realOf(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    return path === dirname(path) ? path : join(realOf(dirname(path)), basename(path));
  }
}

/** The disk's refusals become failures; anything else is a bug and goes on up. */
export function ioFailure(error: unknown): Result<never> {
  const failure = diskFailure(error);
  if (!failure) throw error;
  return err(failure);
}

import * as fs from "node:fs";
import { dirname, join, sep } from "node:path";
import { ok, type Result } from "../../core/result";
import { PrivateGit } from "./private-git";
import type { Repository } from "./repository";
import { namesIn, nulList } from "./run-git";

/** The file that says which ignored files a worktree gets too, at the top of the repository; the syntax is gitignore's. */
const includeFile = ".worktreeinclude";

/** Copies what `.worktreeinclude` names and git ignores: plain files only, through no link. The names of what was copied. */
export function bringIgnored(repository: Repository, worktree: string): Result<string[]> {
  const list = join(repository.top, includeFile);
  if (!fs.lstatSync(list, { throwIfNoEntry: false })?.isFile()) return ok([]);
  const own = new PrivateGit(repository, repository.top);
  try {
    const tracked = own.run(["read-tree", repository.head]);
    if (!tracked.ok) return tracked;
    const named = own.run(["ls-files", "-z", "--others", "--ignored", `--exclude-from=${list}`]);
    if (!named.ok) return named;
    const candidates = namesIn(named.value).filter((name) => !isOurs(name));
    if (candidates.length === 0) return ok([]);
    // Without a match it exits with 1.
    const ignored = own.ask(["check-ignore", "-z", "--stdin"], { input: nulList(candidates) });
    const names = ignored.code === 0 ? namesIn(ignored.out.toString("utf8")) : [];
    return ok(names.filter((name) => copyPlain(repository.top, worktree, name)));
  } finally {
    own.close();
  }
}

/** What ThreadOS keeps for itself is nobody's to copy. */
const isOurs = (name: string) => name.split("/").includes(".threados");

function copyPlain(top: string, worktree: string, name: string): boolean {
  const [from, to] = [join(top, name), join(worktree, name)];
  try {
    if (!fs.lstatSync(from).isFile()) return false;
    fs.mkdirSync(dirname(to), { recursive: true });
    // A folder of the commit may be a link that leads out.
    if (!`${fs.realpathSync(dirname(to))}${sep}`.startsWith(`${fs.realpathSync(worktree)}${sep}`))
      return false;
    fs.copyFileSync(from, to, fs.constants.COPYFILE_EXCL);
    return true;
  } catch {
    return false;
  }
}

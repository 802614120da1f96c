import { relative, resolve, sep } from "node:path";
import type { Looked } from "../../core/policy/classify";
import type { World } from "../../core/policy/judge-command";
import type { Step } from "../../core/sequence/schema";
import { matchesPattern } from "../files/patterns";
import { realPath } from "../files/presence";
import { resolveExecutable } from "./executable";
import { straysByLink } from "./links";

/** Looks commands up as they would be started: their program on the step's own PATH, links followed. */
export function commandWorld(root: string): World {
  return { look: (step) => look(root, step), matches: matchesPattern };
}

function look(root: string, { command, env, cwd = "." }: Step): Looked {
  const folder = realPath(resolve(root, cwd));
  const inside = folder === undefined ? undefined : within(root, folder);
  const [word, ...args] = Array.isArray(command) ? command : [];
  if (word === undefined) return inside === undefined ? {} : { cwd: inside };
  const place = {
    ...(inside === undefined ? {} : { cwd: inside }),
    ...(folder === undefined ? {} : { links: straysByLink(root, folder, args) }),
  };
  const found = resolveExecutable(word, env?.PATH ?? process.env.PATH ?? "");
  const executable = found === undefined ? undefined : realPath(resolve(folder ?? root, found));
  if (executable === undefined) return place;
  // A name that stands in the workspace is the workspace's to change, even where it leads out of it.
  const inWorkspace =
    within(root, executable) !== undefined ||
    within(root, resolve(folder ?? root, found ?? "")) !== undefined;
  return { ...place, executable, inWorkspace };
}

/** The path relative to the workspace; undefined if it is not in there. */
function within(root: string, path: string): string | undefined {
  if (path === root) return ".";
  return path.startsWith(root + sep) ? relative(root, path) : undefined;
}

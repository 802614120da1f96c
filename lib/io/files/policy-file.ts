import * as fs from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { err, ok, type Result } from "../../core/result";
import type { PolicyStore } from "../../runtime/ports";
import { readIfThere } from "./atomic";
import { patternFault } from "./patterns";
import { tracesOf } from "./traces";
import { configFolder } from "./user-folders";

/** `<folder>/policy.yaml`, and the user's own `$XDG_CONFIG_HOME/threados/policy.yaml`. */
export function policyFile(folder: string): PolicyStore {
  const path = join(folder, "policy.yaml");
  const own = join(configFolder(), "policy.yaml");
  const home = homedir();
  const userPath = own.startsWith(`${home}/`) ? `~${own.slice(home.length)}` : own;
  return {
    load: reader(path, "policy.yaml"),
    loadUser: reader(own, userPath),
    userPath,
    patternFault,
  };
}

/** Reads a file anew only when it has changed. */
function reader(path: string, name: string): () => Result<string | undefined> {
  let seen: { traces: string; text: string } | undefined;
  return () => {
    if (isAbsent(path)) return ok(undefined);
    const traces = tracesOf(path);
    if (traces !== undefined && traces === seen?.traces) return ok(seen.text);
    const read = readIfThere(path, 1024 * 1024);
    if (read === undefined && isAbsent(path)) return ok(undefined);
    if (read === undefined)
      return err({ code: "policy.invalid", problem: `${name} is a link that leads nowhere` });
    if ("problem" in read) return err({ code: "policy.invalid", problem: `${name} ${read.problem}` });
    const text = read.bytes.toString("utf8");
    seen = traces === undefined ? undefined : { traces, text };
    return ok(text);
  };
}

/** Whether nothing stands there, not even a link: only then are there no rules. */
function isAbsent(path: string): boolean {
  try {
    fs.lstatSync(path);
    return false;
  } catch (error) {
    return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
  }
}

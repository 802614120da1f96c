import { join } from "node:path";
import { err, ok } from "../../core/result";
import type { PolicyStore } from "../../runtime/ports";
import { readIfThere, writeAtomic } from "./atomic";

/** `<folder>/policy.yaml`. */
export function policyFile(folder: string): PolicyStore {
  const path = join(folder, "policy.yaml");
  return {
    load: () => {
      const read = readIfThere(path, 1024 * 1024);
      if (read === undefined) return ok(undefined);
      if ("problem" in read) return err({ code: "policy.invalid", problem: `policy.yaml ${read.problem}` });
      return ok(read.bytes.toString("utf8"));
    },
    write: (text) => writeAtomic(path, text),
  };
}

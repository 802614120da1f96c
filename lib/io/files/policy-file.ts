import { join } from "node:path";
import { err, ok } from "../../core/result";
import type { PolicyStore } from "../../runtime/ports";
import { readIfThere } from "./atomic";
import { tracesOf } from "./traces";

/** `<folder>/policy.yaml`. */
export function policyFile(folder: string): PolicyStore {
  const path = join(folder, "policy.yaml");
  let seen: { traces: string; text: string } | undefined;
  return {
    load: () => {
      const traces = tracesOf(path);
      if (traces !== undefined && traces === seen?.traces) return ok(seen.text);
      const read = readIfThere(path, 1024 * 1024);
      if (read === undefined) return ok(undefined);
      if ("problem" in read) return err({ code: "policy.invalid", problem: `policy.yaml ${read.problem}` });
      const text = read.bytes.toString("utf8");
      seen = traces === undefined ? undefined : { traces, text };
      return ok(text);
    },
  };
}

import { err, type Result } from "../../core/result";

/** Refuses a `cwd` that is no place within the workspace. */
export function leadsOut(cwd: string): Result<never> {
  return err({
    code: "policy.denied",
    rule: "cwd",
    problem: `cwd '${cwd}' leads out of the workspace`,
    hint: "choose a folder inside it",
  });
}

import { readPolicy } from "../../core/policy/policy";
import { err, ok, type Result } from "../../core/result";
import { readSource } from "../../core/sequence/source";
import type { SandboxLine } from "../files/new-workspace";
import { policyFile } from "../files/policy-file";
import { sandboxStanding } from "./standing";

/** What a new workspace says about the sandbox in its policy, and what the person is told. */
export interface SandboxChoice {
  line?: SandboxLine;
  words?: string;
}

/**
 * Chooses what a new policy.yaml says. One that is wanted has to hold here; where nobody said anything it is tried, and stays
 * off unless the user's own policy requires it (`docs/decisions/0011-sandbox-off-until-asked-for.md`).
 */
export async function chooseSandbox(
  wanted: "required" | "off" | "try" | undefined,
): Promise<Result<SandboxChoice>> {
  if (wanted === undefined) return ok({});
  if (wanted === "off") return ok({ line: { value: "off", found: undefined } });
  const standing = await sandboxStanding();
  const { holds } = standing;
  if (wanted === "required" && !holds) {
    const problem = `no sandbox holds here: ${standing.problem}`;
    return err({ code: "input.invalid", problem, hint: standing.remedy });
  }
  const found = holds
    ? "a sandbox holds on this machine."
    : `there is no sandbox on this machine, ${standing.problem}. To have one: ${standing.remedy}.`;
  const whole = found.replace(/\.$/, "");
  if (wanted === "required" || userRequires())
    return ok({ line: { value: "required", found }, words: `steps run in a sandbox: ${whole}` });
  const how = holds ? "; `seqctl policy sandbox required` confines them" : "";
  return ok({ line: { value: "off", found }, words: `steps run with all your rights: ${whole}${how}` });
}

/** Whether the user's own policy requires a sandbox in every workspace; what is wrong with that file is told elsewhere. */
function userRequires(): boolean {
  const text = policyFile("").loadUser();
  const value = text.ok && text.value ? readSource(text.value, "policy.yaml") : undefined;
  const file = value?.ok ? readPolicy(value.value) : undefined;
  return file?.ok === true && file.value.sandbox === "required";
}

import { findAction } from "../core/actions";
import { reasoned } from "../core/actions/reasoned";
import type { Risk } from "../core/policy/decide";
import type { Call } from "./passage";

/** The edits that a call consists of, where it is several. */
export function editsIn({ action, input }: Call): Call[] | undefined {
  return action === "sequence.change" ? (input as { calls: Call[] }).calls : undefined;
}

/** What a call does, in the imperative. */
export function sentenceOf({ action: name, input }: Call): string {
  const action = findAction(name);
  const parsed = action?.input.safeParse(input);
  return action && parsed?.success ? reasoned(action.summary(parsed.data), parsed.data) : name;
}

/** What an edit within a call of several does to the world. */
export function riskOfEdit({ action: name, input }: Call): Risk {
  const action = findAction(name);
  const parsed = action?.input.safeParse(input);
  if (!action || !parsed?.success) return "edit";
  return typeof action.risk === "function" ? action.risk(parsed.data) : action.risk;
}

import { findAction } from "../../lib/core/actions";
import type { Failure } from "../../lib/core/failure";
import { renderFailure } from "../../lib/core/failure-table";
import type { Json } from "../../lib/core/json";
import { err } from "../../lib/core/result";
import { validateSequence } from "../../lib/core/sequence/validate";
import type { Apply } from "./desk";

// The user's own templates stand in files that the page has not read.
const sources = {
  templates: {
    names: () => [],
    read: (name: string) => err({ code: "template.unknown", type: name } as const),
  },
};

/** A refusal of core's in the shape the page shows refusals in. */
function refusalOf(failure: Failure) {
  const { http, message, hint } = renderFailure(failure);
  return { status: http, code: failure.code, message, ...(hint === undefined ? {} : { hint }) };
}

/** Tries an edit with core's own code. What removes something is shown only once the person has agreed. */
export const tryEdit: Apply = (sequence, { action: name, input }) => {
  const action = findAction(name);
  if (action?.effect.kind !== "edit" || name === "template.apply") return "unknown";
  const parsed = action.input.safeParse(input);
  if (!parsed.success) return "unknown";
  const risk = typeof action.risk === "function" ? action.risk(parsed.data) : action.risk;
  if (risk !== "edit") return "unknown";
  const next = action.effect.apply(sequence, parsed.data, sources);
  if (!next.ok) return { refusal: refusalOf(next.failure) };
  const valid = validateSequence(next.value as unknown as Json);
  return valid.ok ? { sequence: valid.value } : { refusal: refusalOf(valid.failure) };
};

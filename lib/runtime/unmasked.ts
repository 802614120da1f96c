import { scrubbed } from "../core/audit/scrub";
import { stepIn } from "../core/engine/step";
import type { Json } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { holdsMask, newMask, newMaskedLine } from "../core/sequence/masks";
import type { Ports } from "./ports";
import type { State } from "./state";
import type { Wanted } from "./work-out";

/**
 * Refuses a call that would write `•••` where a secret stands: whoever sends it has only seen what is shown of the
 * secret. What stood there before may stay.
 */
export function checkUnmasked(
  ports: Ports,
  { action, input }: Wanted,
  before: State,
  after: State,
): Result<null> {
  if (!holdsMask(input)) return ok(null);
  const at = maskAt(ports, { action, input }, before, after);
  if (at === undefined) return ok(null);
  return err({
    code: "input.invalid",
    problem: `${action.name}, ${at}: '${scrubbed}' only stands for a secret that is not shown, and would take its place`,
    hint: "refer to it as secret:NAME or write the value itself, and leave out what should stay as it is",
  });
}

function maskAt(ports: Ports, { action, input }: Wanted, before: State, after: State): string | undefined {
  const { effect } = action;
  const quoted = (path: string | undefined) => path && `'${path}'`;
  const lineOf = (line: number | undefined) => (line === undefined ? undefined : `line ${line}`);
  switch (effect.kind) {
    case "edit":
      return quoted(
        newMask(after.definition.sequence as unknown as Json, before.definition.sequence as unknown as Json),
      );
    case "text":
      return lineOf(newMaskedLine(after.definition.text, before.definition.text));
    case "prompt": {
      const { id, text } = effect.edit(input as never);
      const step = stepIn(before.plan, id);
      const present = step && ports.agents.prompt(step);
      return lineOf(newMaskedLine(text, present?.ok ? present.value : ""));
    }
    default:
      return undefined;
  }
}

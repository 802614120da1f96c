import { expect } from "bun:test";
import { type AnyAction, findAction } from "../../lib/core/actions";
import type { Json } from "../../lib/core/json";
import type { Result } from "../../lib/core/result";
import type { Gate, Sequence, Step } from "../../lib/core/sequence/schema";
import { validateSequence } from "../../lib/core/sequence/validate";
import type { TemplateTexts } from "../../lib/core/templates";

/** A sequence of those steps and gates. */
export function sequenceOf(steps: Step[], gates: Gate[] = []): Sequence {
  return { version: 1, name: "rig", steps, gates };
}

/** Templates as texts in memory. */
export function templateTexts(texts: Record<string, string>): TemplateTexts {
  return {
    names: () => Object.keys(texts).sort(),
    read: (name) => ({ ok: true, value: { text: texts[name] ?? "", file: `templates/${name}.yaml` } }),
  };
}

/** What an edit makes of a sequence: checked input, applied, the whole validated, as the door does it. */
export function edit(
  name: string,
  sequence: Sequence,
  input: unknown,
  templates = templateTexts({}),
): Result<Sequence> {
  const action = findAction(name) as AnyAction;
  const parsed = action.input.safeParse(input);
  expect(parsed.error?.issues ?? []).toEqual([]);
  if (action.effect.kind !== "edit") throw new Error(`${name} is no edit`);
  const next = action.effect.apply(sequence, parsed.data, { templates });
  return next.ok ? validateSequence(next.value as unknown as Json) : next;
}

/** The value of a result that must be a success. */
export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

/** The code of a result that must be a refusal. */
export function refusal(result: Result<unknown>): string {
  if (result.ok) throw new Error("it was not refused");
  return result.failure.code;
}

import { parseExpression } from "../expression/parse";
import { nearest } from "../nearest";
import type { Result } from "../result";
import { isSubPath, notBesideSequence } from "./beside";
import type { StepFault } from "./fans";
import { takeParam } from "./params";
import type { Sequence, Step } from "./schema";

/** A sequence that a step runs in its place, as its file stood. */
export interface SubSequence {
  /** SHA-256 of the file, hex; the text is kept as a revision. */
  digest: string;
  sequence: Sequence;
}

/** Sub-sequences by the path that steps name them with; one that can't be used says why. */
export type SubSequences = ReadonlyMap<string, Result<SubSequence>>;

/** How deep sequences may stand in one another. */
export const deepest = 4;

/** Steps whose use of a sub-sequence makes no sense, whatever stands in that file. */
export function* subFaults(sequence: Sequence): Generator<StepFault> {
  for (const [index, step] of (sequence.steps ?? []).entries()) {
    const at = { index, step: step.id };
    if (step.sequence === undefined) {
      if (step.with !== undefined) yield { ...at, key: "with", problem: "says nothing without a sequence" };
      continue;
    }
    if (!isSubPath(step.sequence))
      yield {
        ...at,
        key: "sequence",
        problem: "must be a file below .threados, such as sequences/check.yaml",
      };
    for (const key of notBesideSequence)
      if (step[key] !== undefined)
        yield { ...at, key, problem: "can't stand beside sequence: its steps say that themselves" };
    for (const [name, value] of Object.entries(step.with ?? {})) {
      const parsed = typeof value === "string" ? parseExpression(value) : undefined;
      if (parsed && !parsed.ok)
        yield {
          ...at,
          key: "with",
          problem: `${name}: ${parsed.problem} (a text stands in quotes: "'text'")`,
        };
    }
  }
}

/** What keeps a step from running a sub-sequence, in a person's words. */
export function misuse(step: Step, { sequence }: SubSequence): string | undefined {
  if ((sequence.gates ?? []).length > 0)
    return "it holds gates, which a sub-sequence can't: put them before or behind the step that runs it";
  if ((sequence.steps ?? []).length === 0) return "it has no steps";
  const declared = Object.entries(sequence.params ?? {});
  const names = declared.map(([name]) => name);
  for (const [name, value] of Object.entries(step.with ?? {})) {
    const param = sequence.params?.[name];
    const near = nearest(name, names);
    if (!param) return `it has no parameter '${name}'${near ? `; did you mean '${near}'?` : ""}`;
    const taken = typeof value === "string" ? undefined : takeParam(param, value);
    if (taken && !taken.ok) return `its parameter '${name}' ${taken.problem}`;
  }
  const missing = declared.find(
    ([name, param]) => param.required && param.default === undefined && step.with?.[name] === undefined,
  );
  return missing === undefined ? undefined : `its parameter '${missing[0]}' is missing: give it by \`with\``;
}

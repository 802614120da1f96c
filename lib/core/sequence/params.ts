import { nearestOrAll } from "../nearest";
import { err, ok, type Result } from "../result";
import type { Param, Sequence } from "./schema";

/** A parameter's value within a run. */
export type ParamValue = boolean | number | string;

/** Parameters whose declaration contradicts itself. */
export function* paramFaults(sequence: Sequence): Generator<{ name: string; problem: string }> {
  const names = new Map<string, string>();
  for (const [name, param] of Object.entries(sequence.params ?? {})) {
    const other = names.get(name.toUpperCase());
    if (other !== undefined) yield { name, problem: `differs from '${other}' by case only` };
    names.set(name.toUpperCase(), name);
    if ((param.type === "choice") !== (param.options !== undefined)) {
      yield { name, problem: "options belong to a choice, and a choice needs them" };
      continue;
    }
    const problem = param.default === undefined ? undefined : misfit(param, param.default);
    if (problem !== undefined) yield { name, problem: `its default ${problem}` };
  }
}

function misfit(param: Param, value: ParamValue): string | undefined {
  if (param.type === "choice")
    return param.options?.includes(String(value))
      ? undefined
      : `must be one of ${(param.options ?? []).join(", ")}`;
  if (typeof value !== param.type) return `must be a ${param.type}`;
  if (typeof value === "string" && value.includes("\0")) return "holds a NUL byte";
  return undefined;
}

/** What a person typed, as the parameter's type has it; a text that is none stays text and is refused. */
function read(param: Param, value: ParamValue): ParamValue {
  if (typeof value !== "string")
    return param.type === "string" || param.type === "choice" ? String(value) : value;
  if (param.type === "boolean" && /^(?:true|false)$/.test(value)) return value === "true";
  if (param.type === "number" && /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value)) return Number(value);
  return value;
}

/** A typed value of a parameter, or why it is none. */
export function takeParam(
  param: Param,
  typed: ParamValue,
): { ok: true; value: ParamValue } | { ok: false; problem: string } {
  const value = read(param, typed);
  const problem = misfit(param, value);
  return problem === undefined ? { ok: true, value } : { ok: false, problem };
}

const flagOf = (name: string, { type, options = [] }: Param) =>
  `--param ${name}=${type === "choice" ? options.join("|") : `<${type}>`}`;

/** The parameters of a run: what is given now, else what the run had, else defaults. Required ones without a value are refused, all at once. */
export function settleParams(
  sequence: Sequence,
  had: Record<string, ParamValue>,
  given: Record<string, ParamValue>,
): Result<Record<string, ParamValue>> {
  const declared = Object.entries(sequence.params ?? {});
  const settled: Record<string, ParamValue> = {};
  const missing: string[] = [];
  const names = declared.map(([name]) => name);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const hint = nearestOrAll(unknown, names, "it has", "none");
    return err({ code: "input.invalid", problem: `the sequence has no parameter '${unknown}'`, hint });
  }
  for (const [name, param] of declared) {
    const kept = Object.hasOwn(had, name) ? had[name] : undefined;
    const value = (Object.hasOwn(given, name) ? given[name] : undefined) ?? kept ?? param.default;
    if (value === undefined) {
      if (param.required) missing.push(name);
      continue;
    }
    const taken = takeParam(param, value);
    if (!taken.ok)
      return err({
        code: "input.invalid",
        problem: `the parameter '${name}' ${taken.problem}`,
        hint: `give it with ${flagOf(name, param)}`,
      });
    settled[name] = taken.value;
  }
  if (missing.length === 0) return ok(settled);
  const flags = declared.flatMap(([name, param]) => (missing.includes(name) ? [flagOf(name, param)] : []));
  return err({ code: "params.missing", names: missing, flags });
}

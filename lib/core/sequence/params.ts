import { nearest } from "../nearest";
import { err, ok, type Result } from "../result";
import type { Param, Sequence } from "./schema";

/** A parameter's value within a run. */
export type ParamValue = boolean | number | string;

/** The first parameter whose declaration contradicts itself. */
export function checkParams(sequence: Sequence): { name: string; problem: string } | undefined {
  const names = new Map<string, string>();
  for (const [name, param] of Object.entries(sequence.params ?? {})) {
    const other = names.get(name.toUpperCase());
    if (other !== undefined) return { name, problem: `differs from '${other}' by case only` };
    names.set(name.toUpperCase(), name);
    if ((param.type === "choice") !== (param.options !== undefined))
      return { name, problem: "options belong to a choice, and a choice needs them" };
    const problem = param.default === undefined ? undefined : misfit(param, param.default);
    if (problem !== undefined) return { name, problem: `its default ${problem}` };
  }
  return undefined;
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

/** The parameters of a run: what is given now, else what the run had, else defaults. A required one without a value is refused. */
export function settleParams(
  sequence: Sequence,
  had: Record<string, ParamValue>,
  given: Record<string, ParamValue>,
): Result<Record<string, ParamValue>> {
  const declared = Object.entries(sequence.params ?? {});
  const settled: Record<string, ParamValue> = {};
  const names = declared.map(([name]) => name);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, names);
    const hint = near
      ? `did you mean '${near}'?`
      : names.length > 0
        ? `it has ${names.join(", ")}`
        : "it has none";
    return err({ code: "input.invalid", problem: `the sequence has no parameter '${unknown}'`, hint });
  }
  for (const [name, param] of declared) {
    const typed = Object.hasOwn(given, name) ? given[name] : undefined;
    const kept = Object.hasOwn(had, name) ? had[name] : undefined;
    const value = typed === undefined ? (kept ?? param.default) : read(param, typed);
    const flag = `--param ${name}=${param.type === "choice" ? (param.options ?? []).join("|") : `<${param.type}>`}`;
    if (value === undefined) {
      if (!param.required) continue;
      return err({
        code: "input.invalid",
        problem: `the parameter '${name}' is missing`,
        hint: `give it with ${flag}`,
      });
    }
    const problem = misfit(param, value);
    if (problem !== undefined)
      return err({
        code: "input.invalid",
        problem: `the parameter '${name}' ${problem}`,
        hint: `give it with ${flag}`,
      });
    settled[name] = value;
  }
  return ok(settled);
}

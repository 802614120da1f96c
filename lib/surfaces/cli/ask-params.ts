import { type ParamValue, takeParam } from "../../core/sequence/params";
import type { Param } from "../../core/sequence/schema";
import type { Call } from "../../runtime/passage";
import type { Threados } from "../../threados";
import { safe } from "./paint";
import type { Answering } from "./say";

/** Asks a person for the parameters that a run lacks, and for those that may be left out; undefined if one that is needed is not given. */
export async function askForParams(
  answering: Answering,
  { ports }: Threados,
  call: Call,
  missing: readonly string[],
): Promise<Call | undefined> {
  const definition = ports.definition.load();
  if (call.action !== "run.start" || !definition.ok) return undefined;
  const input = (call.input ?? {}) as { params?: Record<string, ParamValue> };
  const params = { ...input.params };
  for (const [name, param] of Object.entries(definition.value.sequence.params ?? {})) {
    const isNeeded = missing.includes(name);
    if (!isNeeded && (param.required || param.default !== undefined || Object.hasOwn(params, name))) continue;
    const value = await askFor(answering, name, param, isNeeded);
    if (value !== undefined) params[name] = value;
    else if (isNeeded) return undefined;
  }
  return { ...call, input: { ...input, params } };
}

/** Asks until the answer fits; no answer leaves the parameter out. */
async function askFor(
  { shell, paint }: Answering,
  name: string,
  param: Param,
  isNeeded: boolean,
): Promise<ParamValue | undefined> {
  const kinds = {
    string: "text",
    number: "a number",
    boolean: "true or false",
    choice: (param.options ?? []).map(safe).join(" | "),
  };
  const what = param.description === undefined ? "" : `: ${safe(param.description)}`;
  const terms = `(${kinds[param.type]}${isNeeded ? "" : "; leave it empty for none"})`;
  shell.err(`${paint("magenta", "?")} ${name}${what} ${paint("dim", terms)}\n`);
  for (;;) {
    const answer = ((await shell.ask(`  ${name}: `)) ?? "").trim();
    if (answer === "") return undefined;
    const taken = takeParam(param, answer);
    if (taken.ok) return taken.value;
    shell.err(`  '${safe(answer)}' won't do: it ${taken.problem}\n`);
  }
}

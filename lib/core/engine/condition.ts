import { evaluate, follow, isTrue, type Lookup } from "../expression/expression";
import { parseExpression } from "../expression/parse";
import type { Json } from "../json";
import { instancesOf } from "./fan";
import { type Run, type StepRun, stepRun } from "./run";

/** The statuses a condition can see; a step that has not ended has none. */
const words: Partial<Record<StepRun["phase"], string>> = {
  done: "DONE",
  failed: "FAILED",
  skipped: "SKIPPED",
  canceled: "CANCELED",
};

/** What the ids and parameters of a step's expressions mean: in a sub-sequence those of its own file. */
export function scopeOf(run: Run, id: string): { prefix: string; params: Run["params"] } {
  for (let of = stepRun(run, id).of; of !== undefined; of = stepRun(run, of).of) {
    const sub = run.expansions.get(of)?.sub;
    if (sub) return { prefix: `${of}-`, params: sub.params };
  }
  return { prefix: "", params: run.params };
}

/** What the condition of a step reads: `steps.<id>.outputs…|status|exit_code`, `gates.<id>.answers.<question>`, `params.<name>`; of its own step `outputs…|exit_code`. */
export function lookupIn(run: Run, id: string, own?: StepRun): Lookup {
  const { prefix, params } = scopeOf(run, id);
  return (root, path) => {
    const [first, part, ...rest] = path;
    const name = `${prefix}${first}`;
    if (root === "params") return { ok: true, value: follow(params, path) };
    if (own && root === "exit_code") return { ok: true, value: own.code ?? null };
    if (own && root === "outputs") return outputsOf("it", own, [...path]);
    if (root === "gates") return { ok: true, value: answerIn(run, path) };
    if (root !== "steps") return { ok: false, problem: `there is nothing called ${root}` };
    const state = stepRun(run, name);
    if (part === "status") return { ok: true, value: words[state.phase] ?? null };
    if (part === "exit_code") return { ok: true, value: state.code ?? null };
    const expansion = run.expansions.get(name);
    if (expansion && !expansion.sub) {
      const all = instancesOf(run, name).map((one) => stepRun(run, one).outputs ?? null);
      return { ok: true, value: follow(all, rest) };
    }
    return outputsOf(`'${name}'`, state, rest);
  };
}

/** What a gate's question was answered with; null while the gate is not approved. */
function answerIn(run: Run, [gate, , question]: readonly (string | number)[]): Json {
  const decided = run.gates.get(String(gate));
  return (decided?.status === "APPROVED" ? decided.answers?.[String(question)] : null) ?? null;
}

function outputsOf(id: string, state: StepRun, path: (string | number)[]): ReturnType<Lookup> {
  if (state.phase !== "done" || state.outputs !== undefined || state.outputsBytes === undefined)
    return { ok: true, value: follow(state.outputs ?? null, path) };
  return { ok: false, problem: `the output of ${id} is too large for it (${state.outputsBytes} bytes)` };
}

/** Works out what a condition says at this moment of a run. */
export function judge(
  source: string,
  lookUp: Lookup,
): { ok: true; holds: boolean; value: Json } | { ok: false; problem: string } {
  const parsed = parseExpression(source);
  if (!parsed.ok) return { ok: false, problem: `${parsed.problem}, at column ${parsed.column}` };
  const outcome = evaluate(parsed.expression, lookUp);
  return outcome.ok ? { ok: true, holds: isTrue(outcome.value), value: outcome.value } : outcome;
}

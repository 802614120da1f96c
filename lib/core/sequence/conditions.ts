import { type Expression, referencesIn } from "../expression/expression";
import { parseExpression } from "../expression/parse";
import { nearest } from "../nearest";
import { downstream, type Graph } from "./graph";
import type { Sequence, Step } from "./schema";

type Reference = Extract<Expression, { kind: "reference" }>;

/** What is wrong with an expression of a step, in which of its keys, and at which column of the text there (from 1). */
export interface ConditionFault {
  index: number;
  step: string;
  path: string[];
  source: string;
  problem: string;
  column: number;
}

/** The expressions a step holds, by where they stand in it. */
function conditionsOf(step: Step): { path: string[]; source: string }[] {
  const all = { when: step.when, for_each: step.for_each, "loop.until": step.loop?.until };
  const own = Object.entries(all).flatMap(([key, source]) =>
    source === undefined ? [] : [{ path: key.split("."), source }],
  );
  const given = Object.entries(step.with ?? {}).flatMap(([name, source]) =>
    typeof source === "string" ? [{ path: ["with", name], source }] : [],
  );
  return given.length === 0 ? own : [...own, ...given];
}

/**
 * Expressions that can't be read, or read what is not there or not before their step. Where a part of the sequence is not
 * known (`isWhole` is false), only what is wrong whatever that part says.
 */
export function* conditionFaults(
  sequence: Sequence,
  graph: Graph,
  isWhole = true,
): Generator<ConditionFault> {
  for (const [index, step] of (sequence.steps ?? []).entries()) {
    for (const { path, source } of conditionsOf(step)) {
      const own = path[0] === "loop" ? ["outputs", "exit_code"] : [];
      const fault = faultOf(sequence, graph, step, source, own, isWhole);
      if (fault) yield { index, step: step.id, path, source, ...fault };
    }
  }
}

function faultOf(
  sequence: Sequence,
  graph: Graph,
  step: Step,
  source: string,
  own: string[],
  isWhole: boolean,
) {
  const parsed = parseExpression(source);
  if (!parsed.ok) return { problem: parsed.problem, column: parsed.column };
  for (const reference of referencesIn(parsed.expression)) {
    if (own.includes(reference.root)) continue;
    const problem = referenceProblem(sequence, graph, step, reference, isWhole);
    if (problem !== undefined) return { problem, column: source.indexOf(reference.source) + 1 };
  }
  return undefined;
}

function referenceProblem(
  sequence: Sequence,
  graph: Graph,
  step: Step,
  reference: Reference,
  isWhole: boolean,
): string | undefined {
  const { root, path, source } = reference;
  const [name, part] = path.map(String);
  if (root === "params") {
    const known = Object.keys(sequence.params ?? {});
    if (name === undefined || path.length > 1) return `${source} is not of the form params.<name>`;
    return known.includes(name) || !isWhole
      ? undefined
      : `there is no parameter '${name}'${hint(name, known)}`;
  }
  if (root === "gates") return answerProblem(sequence, graph, step, reference, isWhole);
  if (root !== "steps") {
    return `${root} means nothing here; what can be read is steps.<id>.outputs, steps.<id>.status, steps.<id>.exit_code, gates.<id>.answers.<question> and params.<name>, and texts stand in quotes`;
  }
  const parts = ["outputs", "status", "exit_code"];
  if (
    name === undefined ||
    part === undefined ||
    !parts.includes(part) ||
    (part !== "outputs" && path.length > 2)
  )
    return `${source} is not of the form steps.<id>.outputs.<path>, steps.<id>.status or steps.<id>.exit_code`;
  if (graph.nodes.get(name)?.kind !== "step") {
    const others = [...graph.nodes.values()].filter(({ kind, id }) => kind === "step" && id !== step.id);
    return `there is no step '${name}'${hint(
      name,
      others.map(({ id }) => id),
    )}`;
  }
  if (!isWhole || isBefore(graph, name, step.id)) return undefined;
  return `'${name}' need not have ended by then: '${step.id}' must depend on it`;
}

function answerProblem(
  sequence: Sequence,
  graph: Graph,
  step: Step,
  { path, source }: Reference,
  isWhole: boolean,
) {
  const [name, part, question, ...rest] = path.map(String);
  if (name === undefined || part !== "answers" || question === undefined || rest.length > 0)
    return `${source} is not of the form gates.<id>.answers.<question>`;
  const gates = sequence.gates ?? [];
  const gate = gates.find(({ id }) => id === name);
  const ids = gates.map(({ id }) => id);
  if (!gate) return `there is no gate '${name}'${hint(name, ids)}`;
  if (!isWhole) return undefined;
  const asked = (gate.questions ?? []).map(({ id }) => id);
  if (!asked.includes(question)) return `gate '${name}' asks no '${question}'${hint(question, asked)}`;
  if (isBefore(graph, name, step.id)) return undefined;
  return `'${name}' need not be decided by then: '${step.id}' must depend on it`;
}

const hint = (name: string, known: string[]) => {
  const near = nearest(name, known);
  return near === undefined ? "" : `; did you mean '${near}'?`;
};

/** What was asked of a graph: nodes that were asked about once, and what stands below those that were again. */
const askedOf = new WeakMap<Graph, { once: Set<string>; below: Map<string, Set<string>> }>();
const mostKept = 64;

/** Whether a node is among everything another waits for, however far up. */
function isBefore(graph: Graph, id: string, of: string): boolean {
  const { once, below } = askedOf.get(graph) ?? { once: new Set(), below: new Map() };
  askedOf.set(graph, { once, below });
  // Where all steps ask about the same one, a walk for each of them would take too long.
  if (once.has(id) && (below.has(id) || below.size < mostKept)) {
    const found = below.get(id) ?? downstream(graph, id);
    below.set(id, found);
    return id !== of && found.has(of);
  }
  once.add(id);
  const queue = [of];
  const seen = new Set(queue);
  for (const at of queue) {
    for (const need of graph.nodes.get(at)?.needs ?? []) {
      if (need === id) return true;
      if (seen.has(need)) continue;
      seen.add(need);
      queue.push(need);
    }
  }
  return false;
}

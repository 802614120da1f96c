import type { z } from "zod";
import type { Failure, Place } from "../failure";
import { saidOf } from "../issue";
import type { Json } from "../json";
import { nearest } from "../nearest";
import { err, ok, type Result } from "../result";
import { type ConditionFault, conditionFaults } from "./conditions";
import { isAgentStep } from "./effective";
import { fanFaults, type StepFault } from "./fans";
import { buildGraph, type Graph, topologicalOrder, unknownNames } from "./graph";
import { checkId, shown } from "./ids";
import { paramFaults } from "./params";
import { questionFaults } from "./questions";
import { Gate, Question, Retry, type Sequence, SequenceFile, SequencePolicy, Step, Worktree } from "./schema";
import { readShape } from "./shape";
import { subFaults } from "./subs";
import { threadFaults } from "./threads";

/** The newest `version:` this program writes and reads. */
const newestVersion = 1;

type Path = readonly (string | number)[];

/** Points at a path of the value in its text; only asked for when something is wrong. */
type Locate = (path: Path, what: "key" | "value") => Place | undefined;

/** The keys that may stand in a map, by the name of the key or list that holds the map. */
const knownKeys: Record<string, string[]> = {
  "": Object.keys(SequenceFile.shape),
  steps: Object.keys(Step.shape),
  gates: Object.keys(Gate.shape),
  policy: Object.keys(SequencePolicy.shape),
  defaults: Object.keys(SequenceFile.shape.defaults.unwrap().shape),
  retry: Object.keys(Retry.shape),
  worktree: Object.keys(Worktree.shape),
  outputs: Object.keys(Step.shape.outputs.unwrap().shape),
  questions: Object.keys(Question.shape),
};

/** Reads a plain value as a sequence: shape, ids, group rules, dangling names, circles; the first fault is named with its place. */
export function validateSequence(value: Json, locate: Locate = () => undefined): Result<Sequence> {
  const first = faultsIn(value, locate).next();
  return first.done ? ok(first.value as Sequence) : err(first.value);
}

/** A text with what is wrong with it, or the sequence that it is. */
export interface CheckedText {
  faults: Failure[];
  text?: string;
  sequence?: Sequence;
}

/** The sequence that a plain value is, or everything that is wrong with it as far as it can be known at once, at most so many faults. */
export function judgeValue(value: Json, most: number, locate: Locate): CheckedText {
  const found: Failure[] = [];
  const faults = faultsIn(value, locate);
  for (let next = faults.next(); found.length < most; next = faults.next()) {
    if (next.done)
      return found.length > 0 ? { faults: found } : { faults: [], sequence: next.value as Sequence };
    found.push(next.value);
  }
  return { faults: found };
}

/** Yields what is wrong, and returns the sequence if nothing is. */
function* faultsIn(value: Json, locate: Locate): Generator<Failure, Sequence | undefined> {
  const version = isMap(value) ? value.version : undefined;
  if (typeof version === "number" && version > newestVersion) {
    const failure = { code: "sequence.version", found: String(version), newest: newestVersion } as const;
    yield placed(failure, locate(["version"], "value"));
    return undefined;
  }
  const parsed = readShape(value);
  if (!parsed.success) {
    yield* shapeFaults(parsed.error.issues, value, locate);
    return undefined;
  }
  yield* meaningFaults(parsed.data, locate, true);
  return parsed.data;
}

/**
 * What is wrong with a sequence whose keys can be read. Where some can't (`isWhole` is false), only what is wrong whatever
 * those should have said.
 */
function* meaningFaults(sequence: Sequence, locate: Locate, isWhole: boolean): Generator<Failure> {
  let isNamed = true;
  for (const fault of idFaults(sequence, locate)) {
    isNamed = false;
    yield fault;
  }
  if (isWhole) yield* commandFaults(sequence, locate);
  yield* groupFaults(sequence, locate);
  const graph = buildGraph(sequence);
  for (const fault of nameFaults(sequence, graph, locate)) {
    isNamed = false;
    yield fault;
  }
  const order = topologicalOrder(graph);
  if (!order.ok) yield placed(order.failure, placeOfGraphFault(order.failure, sequence, locate));
  if (isNamed && order.ok && isWhole) yield* faultsOfWhole(sequence, graph, locate);
  else for (const fault of conditionFaults(sequence, graph, false)) yield describeCondition(fault, locate);
  yield* showsFaults(sequence, locate);
}

/** What can be judged only where every name means something. */
function* faultsOfWhole(sequence: Sequence, graph: Graph, locate: Locate): Generator<Failure> {
  yield* ofSteps(fanFaults(sequence), locate);
  for (const { index, at, gate, key, problem } of questionFaults(sequence)) {
    const failure = { code: "sequence.invalid", where: `gate '${gate}', questions`, problem } as const;
    yield placed(failure, locate(["gates", index, "questions", at, key], "value"));
  }
  yield* ofSteps(subFaults(sequence), locate);
  yield* ofSteps(threadFaults(sequence), locate);
  for (const { name, problem } of paramFaults(sequence)) {
    const failure = { code: "sequence.invalid", where: `params.${name}`, problem } as const;
    yield placed(failure, locate(["params", name], "value"));
  }
  for (const fault of conditionFaults(sequence, graph)) yield describeCondition(fault, locate);
}

function* ofSteps(faults: Iterable<StepFault>, locate: Locate): Generator<Failure> {
  for (const { index, step, key, problem } of faults) {
    const failure = { code: "sequence.invalid", where: `step '${step}', ${key}`, problem } as const;
    yield placed(failure, locate(["steps", index, key], "value"));
  }
}

function* nameFaults(sequence: Sequence, graph: Graph, locate: Locate): Generator<Failure> {
  for (const failure of unknownNames(sequence, graph)) {
    const place = placeOfGraphFault(failure, sequence, locate);
    yield placed(failure.code === "dep.unknown" ? { ...failure, id: shown(failure.id) } : failure, place);
  }
}

/** The refusal of an expression; its place is the column within the text where the text stands on one line as it is. */
function describeCondition(fault: ConditionFault, locate: Locate): Failure {
  const { index, step, path, problem, column, source } = fault;
  const where = `step '${step}', ${path.join(".")}, column ${column}`;
  const place = locate(["steps", index, ...path], "value");
  const at = place?.excerpt?.indexOf(source, place.column - 1) ?? -1;
  const exact = place && at >= 0 ? { ...place, column: at + column, length: 1 } : place;
  const hint =
    "it names a list, such as steps.plan.outputs.files; for a fixed number of instances say fanout: 3";
  const more = path[0] === "for_each" ? { hint } : {};
  return placed({ code: "sequence.invalid", where, problem, ...more }, exact);
}

/** What a gate shows must be there to be seen. */
function* showsFaults(sequence: Sequence, locate: Locate): Generator<Failure> {
  const steps = (sequence.steps ?? []).map((step) => step.id);
  for (const [index, gate] of (sequence.gates ?? []).entries()) {
    const shows = gate.shows ?? [];
    for (const [at, id] of shows.entries()) {
      if (steps.includes(id)) continue;
      const near = nearest(
        id,
        steps.filter((step) => !shows.includes(step)),
      );
      const problem = `'${shown(id)}' is no step`;
      const hint = near ? `did you mean '${near}'?` : "name steps whose results the person must see";
      const failure = { code: "sequence.invalid", where: `gate '${gate.id}', shows`, problem, hint } as const;
      yield placed(failure, locate(["gates", index, "shows", at], "value"));
    }
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function placed(failure: Failure, place: Place | undefined): Failure {
  return place ? { ...failure, place } : failure;
}

/** "step 'build', env", or "step number 3, env" where it has no id: where in the file, in a person's words. */
export function inWords(path: Path, value: Json): string {
  const [list, index] = path;
  if ((list !== "steps" && list !== "gates") || typeof index !== "number") {
    return path.length === 0 ? "the sequence" : shown(path.join("."));
  }
  const items = isMap(value) ? value[list] : undefined;
  const item: unknown = Array.isArray(items) ? items[index] : undefined;
  const noun = list === "steps" ? "step" : "gate";
  const name =
    isMap(item) && typeof item.id === "string"
      ? `${noun} '${shown(item.id)}'`
      : `${noun} number ${index + 1}`;
  const rest = shown(path.slice(2).join("."));
  return rest === "" ? name : `${name}, ${rest}`;
}

/** What zod found, an unknown key first; then what is wrong with the meaning of what it had nothing against. */
function* shapeFaults(issues: z.core.$ZodIssue[], value: Json, locate: Locate): Generator<Failure> {
  const isUnknownKey = (issue: z.core.$ZodIssue) => issue.code === "unrecognized_keys";
  for (const issue of [...issues.filter(isUnknownKey), ...issues.filter((each) => !isUnknownKey(each))])
    yield* fromIssue(issue, value, locate);
  const readable = readableOf(value);
  if (readable) yield* meaningFaults(readable.sequence, locate, readable.isWhole);
}

/** Keys that say nothing about other nodes, nor about what else may stand beside them. */
const apart = new Set(
  (
    "name priority tags env prompt cwd retry timeout_ms idle_timeout_ms idempotent sandbox network limits " +
    "concurrency_group description version metadata policy"
  ).split(" "),
);

/** The sequence without the keys that can't be read; undefined where an id or a list is missing, since names mean nothing then. */
function readableOf(value: Json): { sequence: Sequence; isWhole: boolean } | undefined {
  if (!isMap(value)) return undefined;
  let isWhole = true;
  const soundOf = (item: Record<string, unknown>, shape: Record<string, z.ZodType>) => {
    const sound = Object.entries(item).filter(([key, part]) => {
      const isSound = Object.hasOwn(shape, key) && shape[key]?.safeParse(part).success === true;
      // A key that nobody knows may be meant as one that is near to it.
      const meant = Object.hasOwn(shape, key) ? key : nearest(key, Object.keys(shape));
      if (!isSound && meant !== undefined && !apart.has(meant)) isWhole = false;
      return isSound;
    });
    return Object.fromEntries(sound);
  };
  const { steps, gates, ...around } = SequenceFile.shape;
  const lists: { steps: unknown[]; gates: unknown[] } = { steps: [], gates: [] };
  for (const [list, schema] of [
    ["steps", Step],
    ["gates", Gate],
  ] as const) {
    const items: unknown = value[list] ?? [];
    if (!Array.isArray(items)) return undefined;
    for (const item of items) {
      if (!isMap(item) || typeof item.id !== "string") return undefined;
      lists[list].push(soundOf(item, schema.shape));
    }
  }
  const { steps: _, gates: __, ...others } = value;
  const sequence = { version: 1, name: "", ...soundOf(others, around), ...lists } as Sequence;
  return { sequence, isWhole };
}

function* fromIssue(issue: z.core.$ZodIssue, value: Json, locate: Locate): Generator<Failure> {
  const path = issue.path.filter((p): p is string | number => typeof p !== "symbol");
  if (issue.code === "unrecognized_keys") {
    const holder = path.findLast((part) => typeof part === "string") ?? "";
    for (const key of issue.keys) {
      const near = nearest(key, knownKeys[holder] ?? []);
      const failure = {
        code: "sequence.unknown_key",
        key: shown(key),
        where: inWords(path, value),
        ...(near ? { nearest: near } : {}),
      } as const;
      yield placed(failure, locate([...path, key], "key"));
    }
    return;
  }
  const given = path.reduce<unknown>(
    (at, key) => (at as Record<string | number, unknown> | undefined)?.[key],
    value,
  );
  const isMissing = given === undefined;
  const problem = isMissing ? "is missing" : saidOf(issue);
  const isBareId = path.at(-1) === "id" && typeof given === "number";
  const failure: Failure = {
    code: "sequence.invalid",
    where: inWords(path, value),
    problem,
    ...(isBareId ? { hint: "an id is a text: put it in quotes" } : {}),
  };
  yield placed(failure, locate(isMissing ? path.slice(0, -1) : path, "value"));
}

function* idFaults(sequence: Sequence, locate: Locate): Generator<Failure> {
  const seen = new Map<string, { id: string; kind: "step" | "gate" }>();
  const lists = [
    { list: "steps", kind: "step", items: sequence.steps ?? [] },
    { list: "gates", kind: "gate", items: sequence.gates ?? [] },
  ] as const;
  for (const { list, kind, items } of lists) {
    for (const [index, item] of items.entries()) {
      const form = checkId(item.id);
      const other = seen.get(item.id.toLowerCase());
      if (form.ok && !other) {
        seen.set(item.id.toLowerCase(), { id: item.id, kind });
        continue;
      }
      const failure: Failure = form.ok
        ? { code: "id.taken", id: item.id, other: other?.id ?? "", kind: other?.kind ?? kind }
        : form.failure;
      yield placed(failure, locate([list, index, "id"], "value"));
    }
  }
}

/** Later words of a command may be empty; the first names a program. */
function* commandFaults(sequence: Sequence, locate: Locate): Generator<Failure> {
  for (const [index, step] of (sequence.steps ?? []).entries()) {
    const { id, command, worktree, isolation, tty } = step;
    if (tty && isAgentStep(sequence, step)) {
      const problem = "has a meaning only with a command: name the agent's own program as one";
      const failure = { code: "sequence.invalid", where: `step '${id}', tty`, problem } as const;
      yield placed(failure, locate(["steps", index, "tty"], "key"));
    }
    if (worktree && isolation !== "worktree") {
      const problem = "has a meaning only with `isolation: worktree`";
      const failure = { code: "sequence.invalid", where: `step '${id}', worktree`, problem } as const;
      yield placed(failure, locate(["steps", index, "worktree"], "key"));
    }
    if (!Array.isArray(command) || command[0] !== "") continue;
    yield placed(
      {
        code: "sequence.invalid",
        where: `step '${id}', command`,
        problem: "names no program: its first word is empty",
      },
      locate(["steps", index, "command", 0], "value"),
    );
  }
}

/** Members of a group agree on their fail policy. */
function* groupFaults(sequence: Sequence, locate: Locate): Generator<Failure> {
  const policies = new Map<string, { policy: string; by: string }>();
  for (const [index, step] of (sequence.steps ?? []).entries()) {
    if (!step.group_id) continue;
    const form = checkId(step.group_id);
    if (!form.ok) yield placed(form.failure, locate(["steps", index, "group_id"], "value"));
    if (!step.fail_policy) continue;
    const first = policies.get(step.group_id);
    if (first && first.policy !== step.fail_policy) {
      const problem = `says ${step.fail_policy}, but '${first.by}' in the same group says ${first.policy}`;
      const where = `step '${step.id}', fail_policy`;
      const failure = {
        code: "sequence.invalid",
        where,
        problem,
        hint: "members of a group agree on fail_policy",
      } as const;
      yield placed(failure, locate(["steps", index, "fail_policy"], "value"));
      continue;
    }
    policies.set(step.group_id, { policy: step.fail_policy, by: step.id });
  }
}

function placeOfGraphFault(failure: Failure, sequence: Sequence, locate: Locate): Place | undefined {
  const [by, need] =
    failure.code === "dep.unknown"
      ? [failure.by, failure.id]
      : failure.code === "dep.cycle"
        ? [failure.path[0], failure.path[1]]
        : [];
  for (const list of ["steps", "gates"] as const) {
    const items: (Step | Gate)[] = sequence[list] ?? [];
    const index = items.findIndex((item) => item.id === by);
    const item = items[index];
    if (!item) continue;
    const dep = item.depends_on?.indexOf(need ?? "") ?? -1;
    return locate(dep >= 0 ? [list, index, "depends_on", dep] : [list, index], "value");
  }
  return undefined;
}

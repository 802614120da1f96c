import type { z } from "zod";
import type { Failure, Place } from "../failure";
import { saidOf } from "../issue";
import type { Json } from "../json";
import { nearest } from "../nearest";
import { err, ok, type Result } from "../result";
import { type ConditionFault, conditionFault } from "./conditions";
import { isAgentStep } from "./effective";
import { fanFault } from "./fans";
import { checkGraph } from "./graph";
import { checkId, shown } from "./ids";
import { checkParams } from "./params";
import { checkQuestions } from "./questions";
import { Gate, Question, Retry, type Sequence, SequenceFile, SequencePolicy, Step, Worktree } from "./schema";
import { subFault } from "./subs";
import { threadFault } from "./threads";

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
  const version = isMap(value) ? value.version : undefined;
  if (typeof version === "number" && version > newestVersion) {
    return placed(
      { code: "sequence.version", found: String(version), newest: newestVersion },
      locate(["version"], "value"),
    );
  }
  const parsed = SequenceFile.safeParse(value);
  if (!parsed.success) return fromIssue(parsed.error.issues, value, locate);
  const sequence = parsed.data;
  const ids = checkIds(sequence, locate);
  if (!ids.ok) return ids;
  const commands = checkCommands(sequence, locate);
  if (!commands.ok) return commands;
  const groups = checkGroups(sequence, locate);
  if (!groups.ok) return groups;
  const graph = checkGraph(sequence);
  if (!graph.ok) {
    const { failure } = graph;
    const place = placeOfGraphFault(failure, sequence, locate);
    return placed(failure.code === "dep.unknown" ? { ...failure, id: shown(failure.id) } : failure, place);
  }
  const fan = fanFault(sequence);
  if (fan) {
    const { index, key, problem } = fan;
    const failure = { code: "sequence.invalid", where: `step '${fan.step}', ${key}`, problem } as const;
    return placed(failure, locate(["steps", index, key], "value"));
  }
  const asked = checkQuestions(sequence);
  if (asked) {
    const { index, at, gate, problem } = asked;
    const failure = { code: "sequence.invalid", where: `gate '${gate}', questions`, problem } as const;
    return placed(failure, locate(["gates", index, "questions", at], "value"));
  }
  const sub = subFault(sequence);
  if (sub) {
    const { index, key, problem } = sub;
    const failure = { code: "sequence.invalid", where: `step '${sub.step}', ${key}`, problem } as const;
    return placed(failure, locate(["steps", index, key], "value"));
  }
  const thread = threadFault(sequence);
  if (thread) {
    const { index, key, problem } = thread;
    const failure = { code: "sequence.invalid", where: `step '${thread.step}', ${key}`, problem } as const;
    return placed(failure, locate(["steps", index, key], "value"));
  }
  const params = checkParams(sequence);
  if (params) {
    const failure = {
      code: "sequence.invalid",
      where: `params.${params.name}`,
      problem: params.problem,
    } as const;
    return placed(failure, locate(["params", params.name], "value"));
  }
  const fault = conditionFault(sequence, graph.value);
  return fault ? placed(...describeCondition(fault, locate)) : checkShows(sequence, locate);
}

/** The refusal of an expression; its place is the column within the text where the text stands on one line as it is. */
function describeCondition(fault: ConditionFault, locate: Locate): [Failure, Place | undefined] {
  const { index, step, path, problem, column, source } = fault;
  const where = `step '${step}', ${path.join(".")}, column ${column}`;
  const place = locate(["steps", index, ...path], "value");
  const at = place?.excerpt?.indexOf(source, place.column - 1) ?? -1;
  const exact = place && at >= 0 ? { ...place, column: at + column, length: 1 } : place;
  const hint =
    "it names a list, such as steps.plan.outputs.files; for a fixed number of instances say fanout: 3";
  const more = path[0] === "for_each" ? { hint } : {};
  return [{ code: "sequence.invalid", where, problem, ...more }, exact];
}

/** What a gate shows must be there to be seen. */
function checkShows(sequence: Sequence, locate: Locate): Result<Sequence> {
  const steps = (sequence.steps ?? []).map((step) => step.id);
  for (const [index, gate] of (sequence.gates ?? []).entries()) {
    const at = (gate.shows ?? []).findIndex((id) => !steps.includes(id));
    const id = gate.shows?.[at];
    if (id === undefined) continue;
    const near = nearest(id, steps);
    const problem = `'${shown(id)}' is no step`;
    const hint = near ? `did you mean '${near}'?` : "name steps whose results the person must see";
    const failure = { code: "sequence.invalid", where: `gate '${gate.id}', shows`, problem, hint } as const;
    return placed(failure, locate(["gates", index, "shows", at], "value"));
  }
  return ok(sequence);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function placed(failure: Failure, place: Place | undefined): Result<never> {
  return err(place ? { ...failure, place } : failure);
}

/** "steps[2] ('build')": where in the file, in a person's words. */
function describe(path: Path, value: Json): string {
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

function fromIssue(issues: z.core.$ZodIssue[], value: Json, locate: Locate): Result<never> {
  const issue = issues.find((i) => i.code === "unrecognized_keys") ?? issues[0];
  if (!issue) return err({ code: "sequence.invalid", where: "the sequence", problem: "is not valid" });
  const path = issue.path.filter((p): p is string | number => typeof p !== "symbol");
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0] ?? "";
    const holder = path.findLast((part) => typeof part === "string") ?? "";
    const near = nearest(key, knownKeys[holder] ?? []);
    const failure = {
      code: "sequence.unknown_key",
      key: shown(key),
      where: describe(path, value),
      ...(near ? { nearest: near } : {}),
    } as const;
    return placed(failure, locate([...path, key], "key"));
  }
  const given = path.reduce<unknown>(
    (at, key) => (at as Record<string | number, unknown> | undefined)?.[key],
    value,
  );
  const isMissing = given === undefined;
  const innermost = issue.code === "invalid_key" ? (issue.issues[0] ?? issue) : issue;
  const problem = isMissing ? "is missing" : saidOf(innermost);
  const isBareId = path.at(-1) === "id" && typeof given === "number";
  const failure: Failure = {
    code: "sequence.invalid",
    where: describe(path, value),
    problem,
    ...(isBareId ? { hint: "an id is a text: put it in quotes" } : {}),
  };
  return placed(failure, locate(isMissing ? path.slice(0, -1) : path, "value"));
}

function checkIds(sequence: Sequence, locate: Locate): Result<null> {
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
      return placed(failure, locate([list, index, "id"], "value"));
    }
  }
  return ok(null);
}

/** Later words of a command may be empty; the first names a program. */
function checkCommands(sequence: Sequence, locate: Locate): Result<null> {
  for (const [index, step] of (sequence.steps ?? []).entries()) {
    const { id, command, worktree, isolation, tty } = step;
    if (tty && isAgentStep(sequence, step)) {
      const problem = "has a meaning only with a command: name the agent's own program as one";
      const failure = { code: "sequence.invalid", where: `step '${id}', tty`, problem } as const;
      return placed(failure, locate(["steps", index, "tty"], "key"));
    }
    if (worktree && isolation !== "worktree") {
      const problem = "has a meaning only with `isolation: worktree`";
      const failure = { code: "sequence.invalid", where: `step '${id}', worktree`, problem } as const;
      return placed(failure, locate(["steps", index, "worktree"], "key"));
    }
    if (!Array.isArray(command) || command[0] !== "") continue;
    return placed(
      {
        code: "sequence.invalid",
        where: `step '${id}', command`,
        problem: "names no program: its first word is empty",
      },
      locate(["steps", index, "command", 0], "value"),
    );
  }
  return ok(null);
}

/** Members of a group agree on their fail policy. */
function checkGroups(sequence: Sequence, locate: Locate): Result<null> {
  const policies = new Map<string, { policy: string; by: string }>();
  for (const [index, step] of (sequence.steps ?? []).entries()) {
    if (!step.group_id) continue;
    const form = checkId(step.group_id);
    if (!form.ok) return placed(form.failure, locate(["steps", index, "group_id"], "value"));
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
      return placed(failure, locate(["steps", index, "fail_policy"], "value"));
    }
    policies.set(step.group_id, { policy: step.fail_policy, by: step.id });
  }
  return ok(null);
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

import type { z } from "zod";
import type { Failure, Place } from "../failure";
import type { Json } from "../json";
import { nearest } from "../nearest";
import { err, ok, type Result } from "../result";
import { checkGraph } from "./graph";
import { checkId } from "./ids";
import { Gate, type Sequence, SequenceFile, Step } from "./schema";

/** The newest `version:` this program writes and reads. */
export const newestVersion = 1;

type Path = readonly (string | number)[];

/** Points at a path of the value in its text; only asked for when something is wrong. */
export type Locate = (path: Path, what: "key" | "value") => Place | undefined;

const knownKeys: Record<string, string[]> = {
  steps: Object.keys(Step.shape),
  gates: Object.keys(Gate.shape),
  "": Object.keys(SequenceFile.shape),
};

/** Reads a plain value as a sequence: shape, ids, group rules, dangling names, circles; the first fault is named with its place. */
export function validateSequence(value: Json, locate: Locate = () => undefined): Result<Sequence> {
  const version = isMap(value) ? value.version : undefined;
  if (version !== undefined && version !== newestVersion) {
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
  const groups = checkGroups(sequence, locate);
  if (!groups.ok) return groups;
  const graph = checkGraph(sequence);
  if (!graph.ok) return placed(graph.failure, placeOfGraphFault(graph.failure, sequence, locate));
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
    return path.length === 0 ? "the sequence" : path.join(".");
  }
  const items = isMap(value) ? value[list] : undefined;
  const item: unknown = Array.isArray(items) ? items[index] : undefined;
  const noun = list === "steps" ? "step" : "gate";
  const name =
    isMap(item) && typeof item.id === "string" ? `${noun} '${item.id}'` : `${noun} number ${index + 1}`;
  const rest = path.slice(2).join(".");
  return rest === "" ? name : `${name}, ${rest}`;
}

function fromIssue(issues: z.core.$ZodIssue[], value: Json, locate: Locate): Result<never> {
  const issue = issues.find((i) => i.code === "unrecognized_keys") ?? issues[0];
  if (!issue) return err({ code: "sequence.invalid", where: "the sequence", problem: "is not valid" });
  const path = issue.path.filter((p): p is string | number => typeof p !== "symbol");
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0] ?? "";
    const known = knownKeys[path.length === 2 ? String(path[0]) : path.length === 0 ? "" : "none"] ?? [];
    const near = nearest(key, known);
    const failure = {
      code: "sequence.unknown_key",
      key,
      where: describe(path, value),
      ...(near ? { nearest: near } : {}),
    } as const;
    return placed(failure, locate([...path, key], "key"));
  }
  const missing = issue.code === "invalid_type" && /received undefined/.test(issue.message);
  const problem = missing ? "is missing" : issue.message.replace(/^Invalid input: /, "");
  return placed(
    { code: "sequence.invalid", where: describe(path, value), problem },
    locate(missing ? path.slice(0, -1) : path, "value"),
  );
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

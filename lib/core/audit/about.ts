import type { AuditFacts } from "./entry";

/** What an entry of the audit log is about. */
export interface About {
  /** Steps, gates, groups, runs, files and proposals that it names. */
  ids: Set<string>;
  /** Whether it put one text in place of another: what that changed, only the two texts tell. */
  isWhole: boolean;
}

const naming = ["id", "ids", "new", "step", "steps", "dep", "gate", "group_id", "again", "added"];
const alsoNaming = ["stale", "changed", "candidate", "candidates", "synth", "run"];
const keys = [...naming, ...alsoNaming];

/** Actions and facts whose words do not name the steps that they change. */
const wholesale = new Set([
  ...["sequence.undo", "sequence.redo", "sequence.write", "sequence.edited_outside"],
  ...["template.apply", "workspace.init"],
]);

/** Everything that an entry is about: its target, what its call and each call of a batch or a proposal name, and its run. */
export function aboutEntry({
  action,
  target,
  payload,
}: Pick<AuditFacts, "action" | "target" | "payload">): About {
  const about: About = { ids: new Set(target === null ? [] : [target]), isWhole: false };
  const { calls, promised } = mapOf(payload);
  noteCall(about, { action, input: mapOf(payload).input });
  for (const call of listOf(calls)) noteCall(about, mapOf(call));
  const { run, facts } = mapOf(promised);
  for (const named of [{ run }, ...listOf(facts)]) noteNames(about, mapOf(named));
  return about;
}

function noteCall(about: About, { action, input }: { [key: string]: unknown }): void {
  const given = mapOf(input);
  if (typeof action === "string" && wholesale.has(action)) about.isWhole = true;
  noteNames(about, given);
  for (const call of listOf(given.calls)) noteCall(about, mapOf(call));
}

function noteNames({ ids }: About, given: { [key: string]: unknown }): void {
  for (const key of keys) {
    const value = given[key];
    for (const id of Array.isArray(value) ? value : [value]) if (typeof id === "string") ids.add(id);
  }
}

const mapOf = (value: unknown): { [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const runId = /^[0-9A-HJKMNP-TV-Z]{26}$/;
/** A run as it is called where there is little room: the end of its id, six letters or more. */
const shortRun = /^[0-9A-HJKMNP-TV-Z]{6,25}$/;

/** Whether one of the names is what somebody looks for: `pack`, `step pack`, a run's id, or its end as in `run EPH90N`. */
export function isNamed(ids: Iterable<string>, wanted: string): boolean {
  const bare = wanted.trim().replace(/^(?:step|gate|run)\s+/i, "");
  const end = bare.toUpperCase();
  const isRun = shortRun.test(end) || runId.test(end);
  for (const id of ids) if (id === bare || (isRun && runId.test(id) && id.endsWith(end))) return true;
  return false;
}

/** Whether a part of who did it is what somebody looks for, as it is said of an entry: `system by engine`. */
export function isBy({ actor, surface }: Pick<AuditFacts, "actor" | "surface">, part: string): boolean {
  return `${actor} by ${surface}`.toLowerCase().includes(part.trim().toLowerCase());
}

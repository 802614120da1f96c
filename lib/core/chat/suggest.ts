import { freeId } from "./clause";
import type { Reading, World } from "./reading";

/** One node, as far as it matters for what can be asked of it. */
interface Standing {
  id: string;
  status: string;
  reason: string | null;
  depends_on?: readonly string[];
}

/** What is true now: the steps and gates that there are, and where each stands. */
export interface Now {
  steps: readonly Standing[];
  gates: readonly Standing[];
}

/** How many are shown at once: more would be a manual. */
const most = 4;

const waiting = new Set(["BLOCKED", "QUEUED", "PENDING"]);
const active = new Set(["RUNNING", "STOPPING", "RETRYING", "QUEUED"]);
/** Something was started there: there is a log. */
const tried = new Set(["RUNNING", "STOPPING", "RETRYING", "NEEDS_REVIEW", "DONE", "FAILED"]);
const ended = new Set(["DONE", "FAILED", "SKIPPED", "CANCELED"]);

/**
 * What can be said as things stand, of different kinds: about what failed, runs or waits, to run something, to change something.
 * In words that a chat without a model understands, too. What shares words with what was `said` comes first.
 */
export function suggestionsFor(now: Now, said = ""): string[] {
  const { steps, gates } = now;
  const last = steps.at(-1);
  if (!last)
    return [
      'add a step build with command "npm run build"',
      'add a step test with command "npm test"',
      "help",
    ];
  const taken = new Set([...steps, ...gates].map(({ id }) => id.toLowerCase()));
  const is = (...wanted: string[]) => steps.find(({ status }) => wanted.includes(status));
  const failed = is("FAILED");
  const running = is("RUNNING");
  const done = is("DONE");
  const stuck = [...steps, ...gates].find(({ status }) => waiting.has(status));
  const isGated = gates.some(({ id }) => last.depends_on?.includes(id));
  const kinds: string[][] = [
    [
      ...(failed ? ["what failed", `show me the log of ${failed.id}`] : []),
      ...(running ? [`show me the log of ${running.id}`] : []),
      ...(stuck ? [`why is ${stuck.id} waiting`] : []),
      ...(!failed && !running && done ? [`show me the log of ${done.id}`] : []),
    ],
    [
      ...(failed ? [`retry ${failed.id}`] : []),
      ...(is("READY") ? ["run what is ready"] : []),
      ...(running ? [`stop ${running.id}`] : []),
      ...(steps.every(({ status }) => ended.has(status)) && done ? [`rerun ${done.id}`] : []),
    ],
    [
      ...(isGated ? [] : [`put a gate before ${last.id}`]),
      ...(taken.has("lint") ? [] : [`add a step lint before ${last.id} with command "npm run lint"`]),
      `set the timeout of ${last.id} to 10 minutes`,
    ],
    [...(gates.some(({ reason }) => reason === "waiting_human") ? ["what waits for me"] : []), "status"],
  ];
  const wanted = wordsOf(said);
  const shared = (text: string) => [...wordsOf(text)].filter((word) => wanted.has(word)).length;
  // One of each kind first, then the second of each: four that say much the same help nobody.
  const mixed = [0, 1, 2].flatMap((row) => kinds.flatMap((kind) => kind[row] ?? []));
  const fresh = mixed.filter((text) => text.toLowerCase() !== said.trim().toLowerCase());
  return fresh.toSorted((one, other) => shared(other) - shared(one)).slice(0, most);
}

const small = new Set("the a an of to is me i it in for with and or what".split(" "));
const wordsOf = (text: string) =>
  new Set(
    text
      .toLowerCase()
      .split(/[^\p{L}\p{N}_-]+/u)
      .filter((word) => word !== "" && !small.has(word)),
  );

/** A refusal that names what can be said instead, about the steps and gates that there are; other readings as they are. */
export function withSuggestions(read: Reading, world: World, said = ""): Reading {
  return read.kind === "refusal" ? { ...read, try: sayable(read.try, world, said) } : read;
}

/**
 * What can be said instead of something: each text about nodes that it is true of, those left out that are true of none, at
 * most four. Where nothing else is left, what can be said as things stand.
 */
export function sayable(tries: readonly string[], world: World, said = ""): string[] {
  const now = nowOf(world);
  const texts = [...new Set(tries.flatMap((text) => athome(text, world, now) ?? []))];
  // What there is no step for yet is left out where something else can be said.
  const whole = texts.filter((text) => !text.includes("<step>"));
  const left = whole.length > 0 ? whole : texts;
  return (left.length > 0 ? left : suggestionsFor(now, said)).slice(0, most);
}

/** The same of a world that a request is read against. */
export const suggestionsNow = (world: World, said: string) => suggestionsFor(nowOf(world), said);

function nowOf({ steps, gates, sequence }: World): Now {
  const needs = new Map(
    [...(sequence.steps ?? []), ...(sequence.gates ?? [])].map((node) => [node.id, node]),
  );
  const standing = (node: Standing) => ({ ...node, depends_on: needs.get(node.id)?.depends_on ?? [] });
  return { steps: steps.map(standing), gates: gates.map(standing) };
}

/** What is true of a node for a question or a wish about it to mean anything. */
const conditions: readonly (readonly [RegExp, (status: string) => boolean])[] = [
  [/^why is (?<ref>\S+) (?:waiting|blocked)$/, (status) => waiting.has(status)],
  [/^why did (?<ref>\S+) fail$/, (status) => status === "FAILED"],
  [/^(?:show me the )?log of (?<ref>\S+)$/, (status) => tried.has(status)],
  [/^which files did (?<ref>\S+) leave$/, (status) => tried.has(status)],
  [/^run (?<ref>\S+)$/, (status) => status === "READY" || status === "FAILED"],
  [/^stop (?<ref>\S+)$/, (status) => active.has(status)],
  [/^retry (?<ref>\S+)$/, (status) => status === "FAILED"],
];

/** What is meant, where it is asked of a node that it is not true of. */
function instead(id: string, status: string): string | undefined {
  if (status === "FAILED") return `why did ${id} fail`;
  return tried.has(status) ? `show me the log of ${id}` : undefined;
}

/** A text as it can be said here: `<step>`, `<gate>` and `<new>` as ids of this sequence; undefined where nothing makes it true. */
function athome(text: string, world: World, now: Now): string | undefined {
  if (text === "run what is ready" && !now.steps.some(({ status }) => status === "READY")) return undefined;
  if (
    /^(?:what failed|retry what failed)$/.test(text) &&
    !now.steps.some(({ status }) => status === "FAILED")
  )
    return undefined;
  if (/^what (?:steps|gates|groups) are there$/.test(text) && now.steps.length + now.gates.length === 0)
    return undefined;
  const found = conditions.flatMap(([pattern, holds]) => {
    const ref = pattern.exec(text)?.groups?.ref;
    return ref === undefined ? [] : [{ ref, holds }];
  })[0];
  if (!found) return filled(text, world);
  const nodes = [...now.steps, ...now.gates];
  if (found.ref === "<step>" || found.ref === "<gate>") {
    const node = (found.ref === "<gate>" ? now.gates : nodes).find(({ status }) => found.holds(status));
    return node ? text.replace(found.ref, node.id) : nodes.length === 0 ? filled(text, world) : undefined;
  }
  const node = nodes.find(({ id }) => id === found.ref);
  return !node || found.holds(node.status) ? text : instead(node.id, node.status);
}

function filled(text: string, world: World): string {
  const steps = world.steps.map(({ id }) => id);
  const gates = world.gates.map(({ id }) => id);
  let step = 0;
  // After a step that there is not yet, something goes at the end.
  const said =
    steps.length > 0 ? text : text.replace(/(?<=^add a step .*) (?:after|before|behind) <step>/, "");
  const free = said.replace(/(?<=\badd a step )(?!with )[\w-]+/, (name) => freeId(world, name));
  return free.replace(/<(step|gate|new)>/g, (whole, what: string) => {
    if (what === "new") return freeId(world, `${steps[0] ?? "step"}-2`.slice(-60));
    return (what === "gate" ? gates[0] : steps[step++]) ?? whole;
  });
}

import type { Json } from "../json";
import type { Branch, Slot } from "./source-tree";

/** How the entries of a map or list become those wanted. */
export interface Plan {
  /** What each entry that stays is to mean, by its index. */
  kept: Map<number, Json>;
  inserts: Insert[];
}

/** An entry to add behind one that stays, or at the very beginning (-1). */
export interface Insert {
  after: number;
  key: string | undefined;
  value: Json;
}

/** Says whether two values are the same; the order of keys does not matter. */
export function sameValue(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i] as Json));
  }
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key] as Json, b[key] as Json));
}

/** Says whether a value is a map. */
export function isMap(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Matches keys by name. A new key goes behind the nearest key before it that stays, else to the end. */
export function planMap(branch: Branch, next: { [key: string]: Json }): Plan {
  const kept = new Map<number, Json>();
  const indexOf = new Map<string, number>();
  branch.slots.forEach((slot, index) => {
    if (slot.key === undefined || !Object.hasOwn(next, slot.key)) return;
    kept.set(index, next[slot.key] as Json);
    indexOf.set(slot.key, index);
  });
  const last = [...kept.keys()].at(-1) ?? -1;
  let before: number | undefined;
  const inserts: Insert[] = [];
  for (const [key, value] of Object.entries(next)) {
    const index = indexOf.get(key);
    if (index === undefined) inserts.push({ after: before ?? last, key, value });
    else before = index;
  }
  return { kept, inserts };
}

/** Matches items: by `id` where all have one, else by the longest run of equal ones, then by position. */
export function planList(branch: Branch, next: Json[]): Plan {
  const old = branch.slots.map((slot) => slot.node.value);
  const pairs = idsOf(old) && idsOf(next) ? pairById(old, next) : pairByValue(old, next);
  return planFromPairs(pairs, next);
}

/** The ids of a list of maps, if every item has one and no two the same. */
export function idsOf(values: Json[]): string[] | undefined {
  const ids = values.map((value) => (isMap(value) ? value.id : undefined));
  const texts = ids.filter((id) => typeof id === "string");
  return texts.length === values.length && new Set(texts).size === texts.length ? texts : undefined;
}

/** Old index and new index of the items that stay, both rising. */
type Pairs = [number, number][];

function planFromPairs(pairs: Pairs, next: Json[]): Plan {
  const oldIndex = new Map(pairs.map(([from, to]) => [to, from]));
  const kept = new Map<number, Json>();
  const inserts: Insert[] = [];
  let after = -1;
  next.forEach((value, index) => {
    const from = oldIndex.get(index);
    if (from === undefined) inserts.push({ after, key: undefined, value });
    else {
      kept.set(from, value);
      after = from;
    }
  });
  return { kept, inserts };
}

function pairById(old: Json[], next: Json[]): Pairs {
  const newIndex = new Map((idsOf(next) ?? []).map((id, index) => [id, index]));
  const common: Pairs = (idsOf(old) ?? []).flatMap((id, index) => {
    const to = newIndex.get(id);
    return to === undefined ? [] : [[index, to]];
  });
  const rising = longestRising(common.map(([, to]) => to));
  return withRenamed(
    common.filter(([, to]) => rising.has(to)),
    old,
    next,
  );
}

/** An item of which only the id changed is the same item under a new name, if it stands between the same two. */
function withRenamed(pairs: Pairs, old: Json[], next: Json[]): Pairs {
  return fillGaps(pairs, old, next, (a, b) =>
    sameValue({ ...(a as object), id: "" }, { ...(b as object), id: "" }),
  );
}

function pairByValue(old: Json[], next: Json[]): Pairs {
  return fillGaps(longestCommon(old, next), old, next, () => true);
}

/** Pairs what is left over between paired items, position by position, where `alike` agrees. */
function fillGaps(pairs: Pairs, old: Json[], next: Json[], alike: (a: Json, b: Json) => boolean): Pairs {
  const filled: Pairs = [];
  let i = 0;
  let j = 0;
  for (const [from, to] of [...pairs, [old.length, next.length] as [number, number]]) {
    for (; i < from && j < to; i++, j++) if (alike(old[i] as Json, next[j] as Json)) filled.push([i, j]);
    if (from < old.length) filled.push([from, to]);
    i = from + 1;
    j = to + 1;
  }
  return filled;
}

/** The longest common subsequence; beginnings and ends that agree are taken first, as most edits are small. */
function longestCommon(old: Json[], next: Json[]): Pairs {
  let start = 0;
  while (start < old.length && start < next.length && sameValue(old[start] as Json, next[start] as Json))
    start++;
  let end = 0;
  const most = Math.min(old.length, next.length) - start;
  while (end < most && sameValue(old[old.length - 1 - end] as Json, next[next.length - 1 - end] as Json))
    end++;
  const head: Pairs = Array.from({ length: start }, (_, i) => [i, i]);
  const tail: Pairs = Array.from({ length: end }, (_, i) => [old.length - end + i, next.length - end + i]);
  const middle = commonBetween(old.slice(start, old.length - end), next.slice(start, next.length - end));
  return [...head, ...middle.map(([i, j]): [number, number] => [i + start, j + start]), ...tail];
}

const MAX_TABLE = 1_000_000;

function commonBetween(old: Json[], next: Json[]): Pairs {
  if (old.length * next.length > MAX_TABLE) return [];
  const lengths = commonLengths(old, next);
  const pairs: Pairs = [];
  for (let i = 0, j = 0; i < old.length && j < next.length; ) {
    if (sameValue(old[i] as Json, next[j] as Json)) pairs.push([i++, j++]);
    else if ((lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)) i++;
    else j++;
  }
  return pairs;
}

function commonLengths(old: Json[], next: Json[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(next.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i--) {
    const row = lengths[i] ?? [];
    const below = lengths[i + 1] ?? [];
    for (let j = next.length - 1; j >= 0; j--) {
      const same = sameValue(old[i] as Json, next[j] as Json);
      row[j] = same ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

/** The numbers of the longest rising subsequence. */
function longestRising(numbers: number[]): Set<number> {
  const tails: number[] = [];
  const previous = new Map<number, number | undefined>();
  for (const number of numbers) {
    const found = tails.findIndex((tail) => tail >= number);
    const at = found === -1 ? tails.length : found;
    previous.set(number, tails[at - 1]);
    tails[at] = number;
  }
  const rising = new Set<number>();
  for (let at = tails.at(-1); at !== undefined; at = previous.get(at)) rising.add(at);
  return rising;
}

/** The entries that go, as runs of neighbours: first and last index. */
export function removedRuns(slots: Slot[], plan: Plan): [number, number][] {
  const runs: [number, number][] = [];
  slots.forEach((_, index) => {
    if (plan.kept.has(index)) return;
    const run = runs.at(-1);
    if (run && run[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  });
  return runs;
}

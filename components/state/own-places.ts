import { create } from "zustand";
import { type LayoutChange, laid } from "../../lib/core/laying";
import type { Layout, Spot } from "../../lib/core/layout";

/** The part of a layout that a change is about. */
export interface Places {
  direction: "right" | "down";
  /** By id; null where nobody placed it. */
  positions: Record<string, Spot | null>;
}

/** A change of places that this page made. */
export interface Placing {
  /** What it did, in the imperative. */
  words: string;
  /** The digest of the definition on which it was done. */
  at: string;
  /** It came with the edit that led to that definition, and goes with it. */
  joined: boolean;
  /** A box was moved by a key, as it may be many times in a row. */
  nudge: boolean;
  /** Everything was laid out anew. */
  whole: boolean;
  before: Places;
  after: Places;
}

/** Which way over what was done. */
export type Way = "undo" | "redo";

/** What this page did to the places, and what of it was undone, the newest last. */
export interface OwnPlaces {
  done: readonly Placing[];
  undone: readonly Placing[];
  /** The definition as this page saw it when it last did, undid or redid anything: on another one nothing is done again. */
  head: string | null;
}

/** So many changes of places can be taken back. */
export const mostPlacings = 200;

const nothing: OwnPlaces = { done: [], undone: [], head: null };

/** What this tab did to the places since it was opened. */
export const useOwnPlaces = create<OwnPlaces>(() => nothing);

const same = (a: Spot | null | undefined, b: Spot | null | undefined) => a?.x === b?.x && a?.y === b?.y;
const directionOf = ({ direction = "right" }: Pick<Layout, "direction">) => direction;

/** What a change does to a layout, as it was and as it is; null where boxes stay in their places. */
export function touchedBy(layout: Layout, change: LayoutChange): { before: Places; after: Places } | null {
  const then = laid(layout, change);
  const ids = [...new Set([...Object.keys(layout.positions), ...Object.keys(then.positions)])].filter(
    (id) => !same(layout.positions[id], then.positions[id]),
  );
  if (ids.length === 0 && directionOf(layout) === directionOf(then)) return null;
  const part = (of: Layout): Places => ({
    direction: directionOf(of),
    positions: Object.fromEntries(ids.map((id) => [id, of.positions[id] ?? null])),
  });
  return { before: part(layout), after: part(then) };
}

/**
 * How to get from one side of a change to the other on the layout as it is now: what somebody else placed meanwhile is
 * left alone. Null where nothing is left to be done.
 */
export function passage(now: Layout, from: Places, to: Places): LayoutChange | null {
  // Places belong to one direction of the arrows.
  if (directionOf(now) !== from.direction) return null;
  const positions = Object.fromEntries(
    Object.entries(to.positions).filter(
      ([id, spot]) => same(now.positions[id], from.positions[id]) && !same(now.positions[id], spot),
    ),
  );
  const turns = to.direction !== from.direction;
  if (Object.keys(positions).length === 0 && !turns) return null;
  return { positions, ...(turns ? { direction: to.direction } : {}) };
}

/** Takes note of the definition that stands: on one that something else has made nothing is done again. */
const seen = (own: OwnPlaces, revision: string): OwnPlaces =>
  own.head === revision ? own : { ...own, undone: [], head: revision };

/** Remembers a change of places. Where it is another step in a row of moves by key, the row is one change. */
export function remember(own: OwnPlaces, placing: Placing): OwnPlaces {
  const last = own.done.at(-1);
  const isRow =
    placing.nudge &&
    last?.nudge === true &&
    last.at === placing.at &&
    own.undone.length === 0 &&
    JSON.stringify(last.after) === JSON.stringify(placing.before);
  const done = isRow
    ? [...own.done.slice(0, -1), { ...placing, before: last.before }]
    : [...own.done, placing].slice(-mostPlacings);
  return { done, undone: [], head: placing.at };
}

/** Forgets a change that was refused. */
export const forget = (own: OwnPlaces, placing: Placing): OwnPlaces => ({
  ...own,
  done: own.done.filter((other) => other !== placing),
});

/** An edit led to another definition: what was undone before it can't be done again, and places of an older time at the same text are none of it. */
export const edited = (own: OwnPlaces, revision: string): OwnPlaces => ({
  done: own.done.filter(({ at }) => at !== revision),
  undone: [],
  head: revision,
});

/** The change of places that the next step passes; undefined where that is a change of the definition. */
export function next(own: OwnPlaces, way: Way, revision: string | undefined): Placing | undefined {
  if (revision === undefined || (way === "redo" && own.head !== revision)) return undefined;
  const stack = way === "undo" ? own.done : own.undone;
  const found = stack.findLast(({ at }) => at === revision);
  return found?.joined ? undefined : found;
}

/** A change of places was passed. */
export function passed(own: OwnPlaces, way: Way, placing: Placing): OwnPlaces {
  const { done, undone } = seen(own, placing.at);
  const without = (stack: readonly Placing[]) => stack.filter((other) => other !== placing);
  return way === "undo"
    ? { done: without(done), undone: [...undone, placing], head: placing.at }
    : { done: [...done, placing], undone: without(undone), head: placing.at };
}

/** A change of the definition was passed, from one to another, and with it the change of places that came with it. */
export function turned(
  given: OwnPlaces,
  way: Way,
  [from, to]: readonly [string | undefined, string | undefined],
): { own: OwnPlaces; placing: Placing | undefined } {
  const own = from === undefined ? given : seen(given, from);
  const at = way === "undo" ? from : to;
  const stack = way === "undo" ? own.done : own.undone;
  const placing = stack.findLast((each) => each.joined && each.at === at);
  const { done, undone } = placing ? passed({ ...own, head: placing.at }, way, placing) : own;
  return { own: { done, undone, head: to ?? null }, placing };
}

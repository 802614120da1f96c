"use client";

import type { Spot } from "../../lib/core/layout";
import { useStatus } from "../state/queries";
import { graphOf } from "./graph";
import { afterOf } from "./judge";
import type { Direction } from "./layout";
import { useGesture, usePlaces } from "./picture";
import { type Box, flipBox, gaps, type PlanNode, type Size } from "./plan";
import { meets } from "./settle";

/** An arrow needs this much room to be seen to lead forward. */
const leastPx = 24;
/** Kept free beside what is moved. */
const aside = 16;

/** The picture as it is before something is put into an arrow. */
interface Picture {
  plan: PlanNode[];
  boxes: ReadonlyMap<string, Box>;
  direction: Direction;
  /** Where people put what. */
  positions: Readonly<Record<string, Spot>>;
}

/**
 * New places for what a person put behind an arrow, so that what they now put into the arrow stands within it: all that
 * comes after it moves on as far as room is missing, with what would be in the way. Empty where there is room, or where
 * nobody placed what the arrow leads to, as the layout makes room there by itself.
 */
export function roomIn(picture: Picture, [source, target]: readonly [string, string], size: Size) {
  const { plan, positions } = picture;
  const down = picture.direction === "down";
  const boxOf = (id: string) => {
    const box = picture.boxes.get(id);
    return box && down ? flipBox(box) : box;
  };
  const [from, to] = [boxOf(source), boxOf(target)];
  if (!from || !to || positions[source] === undefined || positions[target] === undefined) return {};
  const room = to.x - (from.x + from.width);
  const wide = down ? size.height : size.width;
  // What leads back already is no matter of room.
  if (room < 0 || room >= gaps.column + wide + leastPx) return {};
  const by = 2 * gaps.column + wide - room;
  const placed = plan.map(({ id }) => id).filter((id) => positions[id] !== undefined && id !== source);
  const later = new Set([target, ...afterOf(plan, target)]);
  const moved = new Map<string, Box>();
  const move = (id: string) => {
    const box = boxOf(id);
    if (box) moved.set(id, { ...box, x: box.x + by });
  };
  for (const id of placed) if (later.has(id) && (boxOf(id)?.x ?? 0) >= to.x) move(id);
  for (const [id, box] of moved) {
    // What is moved is gone through as it grows: who is in the way moves, too.
    const around = { ...box, x: box.x - aside, width: box.width + 2 * aside };
    for (const other of placed) {
      const there = moved.has(other) ? undefined : boxOf(other);
      if (other !== id && there && there.x >= to.x && meets(around, there)) move(other);
    }
  }
  return Object.fromEntries(
    [...moved.keys()].flatMap((id): [string, Spot][] => {
      const spot = positions[id];
      return spot ? [[id, down ? { ...spot, y: spot.y + by } : { ...spot, x: spot.x + by }]] : [];
    }),
  );
}

/** What is put into an arrow; `id` where it is there already. */
interface Put extends Size {
  id?: string;
}

/** Finds room in an arrow of the graph as it is drawn now: the new places of what has to move. */
export function useRoom(): (arrow: readonly [string, string], put: Put) => Record<string, Spot> {
  const plan = useStatus(graphOf) ?? [];
  const { positions = {} } = usePlaces() ?? {};
  return (arrow, put) => {
    const { boxes, direction } = useGesture.getState();
    const others = plan.filter(({ id }) => id !== put.id);
    return roomIn({ plan: others, boxes, direction, positions }, arrow, put);
  };
}

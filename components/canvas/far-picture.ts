import { standing, type Tone } from "../state/vocabulary";
import type { StatusDocument } from "../state/wire";
import { foldedId, standingOfGroup } from "./folding";
import type { Layout } from "./layout";
import type { Box } from "./plan";

/** A box as it is drawn from far away. */
interface FarBox extends Box {
  id: string;
  tone: Tone;
  isGate: boolean;
}

/** A straight line between two boxes. */
export interface FarLine {
  from: { x: number; y: number };
  to: { x: number; y: number };
  tone: "idle" | "passed" | "failed" | "moving" | "human";
}

/** What is seen from far away: boxes by their tone, and the arrows between them. */
export interface FarPicture {
  boxes: FarBox[];
  lines: FarLine[];
  groups: Box[];
}

/** How a node looks from far away. */
export type Look = Pick<FarBox, "tone" | "isGate">;

/** The looks of all nodes, by id, and of groups as one box each. */
export function looksOf(status: StatusDocument): Record<string, Look> {
  const looks: Record<string, Look> = {};
  for (const step of status.steps) looks[step.id] = { tone: standing(step).tone, isGate: false };
  for (const gate of status.gates) looks[gate.id] = { tone: standing(gate).tone, isGate: true };
  for (const { group_id } of status.steps) {
    if (group_id === null || foldedId(group_id) in looks) continue;
    const stand = standingOfGroup(status, group_id);
    if (stand) looks[foldedId(group_id)] = { tone: stand.tone, isGate: false };
  }
  return looks;
}

/** The picture of a layout as the run stands. */
export function farPicture(layout: Layout, looks: Record<string, Look>): FarPicture {
  const down = layout.direction === "down";
  const known = new Map<string, FarBox>();
  for (const [id, box] of layout.boxes) {
    const look = Object.hasOwn(looks, id) ? looks[id] : undefined;
    if (look) known.set(id, { ...box, id, ...look });
  }
  const lines = layout.edges.flatMap(({ source, target, implied }): FarLine[] => {
    const [a, b] = [known.get(source), known.get(target)];
    if (implied || !a || !b) return [];
    return [{ from: endOf(a, down), to: startOf(b, down), tone: toneOf(a.tone, b.tone) }];
  });
  return { boxes: [...known.values()], lines, groups: layout.groups };
}

const endOf = ({ x, y, width, height }: Box, down: boolean) =>
  down ? { x: x + width / 2, y: y + height } : { x: x + width, y: y + height / 2 };
const startOf = ({ x, y, width, height }: Box, down: boolean) =>
  down ? { x: x + width / 2, y } : { x, y: y + height / 2 };

function toneOf(from: Tone, to: Tone): FarLine["tone"] {
  if (from === "failed" || from === "rejected") return "failed";
  if (to === "running") return "moving";
  if (from !== "done" && from !== "approved") return from === "human" ? "human" : "idle";
  return to === "human" ? "human" : "passed";
}

/** Whoever lies under a point of the canvas; the one drawn last is on top. */
export function boxAt(layout: Layout, x: number, y: number): string | undefined {
  let found: string | undefined;
  for (const [id, box] of layout.boxes)
    if (x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height) found = id;
  return found;
}

import { checkSideBySide } from "../../lib/core/sequence/side-by-side";
import type { Call } from "../state/call";
import { boxGroups } from "./groups";
import { say, sequenceOf } from "./judge";
import type { Box, PlanNode } from "./plan";

/** What letting go of dragged nodes would do to their group, or why it can't. */
export interface Regrouping {
  /** The group they would join; null takes them out of the one they are in. */
  group: string | null;
  /** The group they are in now. */
  from: string | null;
  reason?: string;
}

/**
 * What a place means for the nodes that are dragged there: with its middle within a group's border a node joins, once it
 * touches the border no more it leaves. `boxes` are the places before the drag, `at` that of the node under the pointer.
 */
export function regroupingAt(
  plan: PlanNode[],
  boxes: Map<string, Box>,
  ids: readonly string[],
  at: Box,
): Regrouping | null {
  const dragged = new Set(ids);
  const nodes = plan.filter((node) => dragged.has(node.id));
  const from = nodes.find((node) => node.group !== null)?.group ?? null;
  const rest = plan.filter((node) => !dragged.has(node.id));
  const borders = boxGroups(rest, boxes);
  const middle = { x: at.x + at.width / 2, y: at.y + at.height / 2, width: 0, height: 0 };
  const group = borders.find((border) => meets(border, middle))?.group ?? null;
  if (group !== null) {
    if (nodes.every((node) => node.group === group)) return null;
    const reason = reasonAgainstJoining(plan, ids, group);
    return { group, from, ...(reason === undefined ? {} : { reason }) };
  }
  // A group whose members are all dragged together moves as it is.
  if (from === null || (nodes.length > 1 && !rest.some((node) => node.group === from))) return null;
  const around = boxGroups(plan, boxes).filter((border) => border.group === from);
  if (around.some((border) => meets(border, at))) return null;
  return { group: null, from };
}

/** Why nodes can't be part of a group, in core's own words; undefined if they can. */
function reasonAgainstJoining(plan: PlanNode[], ids: readonly string[], group: string): string | undefined {
  const gate = plan.find((node) => ids.includes(node.id) && node.kind === "gate");
  if (gate) return `a gate is no part of a group: '${gate.id}' stays outside`;
  const members = plan.filter((node) => node.group === group).map(({ id }) => id);
  const checked = checkSideBySide(sequenceOf(plan), [...new Set([...members, ...ids])]);
  return checked.ok ? undefined : say(checked.failure);
}

/** Takes nodes into a group, or out of the one they are in; what is there already is left alone. */
export function regroup(plan: PlanNode[], ids: readonly string[], group: string | null): Call[] {
  return plan
    .filter((node) => ids.includes(node.id) && node.kind === "step" && node.group !== group)
    .map(({ id, type }): Call => {
      if (group === null)
        return {
          action: "step.edit",
          input: { id, unset: ["group_id", "fail_policy", ...(type === "p" ? ["type"] : [])] },
        };
      return {
        action: "step.edit",
        input: { id, group_id: group, ...(type === "base" ? { type: "p" } : {}) },
      };
    });
}

const meets = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

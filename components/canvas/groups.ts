import { type Box, gaps, gather, type PlanNode } from "./plan";

/** The dashed boundary around members of a group. */
export interface GroupBox extends Box {
  key: string;
  group: string;
  members: string[];
}

/** A boundary around each group; where it would also hold strangers, one around the members of each column instead. */
export function boxGroups(nodes: PlanNode[], boxes: Map<string, Box>): GroupBox[] {
  const groups = gather(
    nodes.filter((node) => node.group !== null && boxes.has(node.id)),
    (node) => node.group ?? "",
  );
  return [...groups].flatMap(([group, members]) => {
    const whole = around(group, group, members, boxes);
    const strangers = nodes.filter((node) => node.group !== group && overlaps(whole, boxes.get(node.id)));
    if (strangers.length === 0) return [whole];
    const columns = gather(members, (node) => boxes.get(node.id)?.x ?? 0);
    // The key of a part stays as the whole group is moved.
    return [...columns]
      .sort(([a], [b]) => a - b)
      .map(([, some], at) => around(`${group} ${at}`, group, some, boxes));
  });
}

/** Where a group says its name. */
export const labelOf = ({ x, y, width }: GroupBox): Box => ({ x, y, width, height: gaps.groupTop - 4 });

function around(key: string, group: string, members: PlanNode[], boxes: Map<string, Box>): GroupBox {
  const all = members.flatMap((node) => boxes.get(node.id) ?? []);
  const x = Math.min(...all.map((box) => box.x)) - gaps.group;
  const y = Math.min(...all.map((box) => box.y)) - gaps.groupTop;
  const right = Math.max(...all.map((box) => box.x + box.width)) + gaps.group;
  const bottom = Math.max(...all.map((box) => box.y + box.height)) + gaps.group;
  return { key, group, members: members.map((node) => node.id), x, y, width: right - x, height: bottom - y };
}

function overlaps(a: Box, b: Box | undefined): boolean {
  return (
    b !== undefined &&
    a.x < b.x + b.width &&
    b.x < a.x + a.width &&
    a.y < b.y + b.height &&
    b.y < a.y + a.height
  );
}

import type { Layout, Spot } from "./layout";

/** What is to become of a layout; what is left out stays. */
export interface LayoutChange {
  /** Places by id; null gives one back to the automatic layout. */
  positions?: Record<string, Spot | null> | undefined;
  direction?: Layout["direction"];
  /** Groups by id: whether each is shown as one box. */
  collapsed?: Record<string, boolean> | undefined;
  /** Forgets all places first. */
  reset?: boolean | undefined;
}

/** The layout with a change made to it. */
export function laid(layout: Layout, change: LayoutChange): Layout {
  const { positions = {}, direction, collapsed = {}, reset } = change;
  const placed: Layout["positions"] = reset ? {} : { ...layout.positions };
  for (const [id, spot] of Object.entries(positions)) {
    if (spot === null) delete placed[id];
    else placed[id] = spot;
  }
  const groups = new Set(layout.collapsed);
  for (const [group, isCollapsed] of Object.entries(collapsed)) {
    if (isCollapsed) groups.add(group);
    else groups.delete(group);
  }
  const { collapsed: _, ...rest } = layout;
  return {
    ...rest,
    ...(direction === undefined ? {} : { direction }),
    positions: placed,
    ...(groups.size > 0 ? { collapsed: [...groups].sort() } : {}),
  };
}

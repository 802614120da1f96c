import {
  BoxSelect,
  ChevronsDownUp,
  ChevronsUpDown,
  ClipboardCopy,
  Pencil,
  Play,
  Shrink,
  Square,
  Trash2,
  Ungroup,
} from "lucide-react";
import type { Doing } from "../state/doing";
import { openInspector } from "../state/inspector";
import { useLook } from "../state/look";
import { chooseGroup, mark } from "../state/view";
import type { StepState } from "../state/wire";
import type { Command } from "./command";
import { oneByOne } from "./of-many";
import { canRun, underWay } from "./of-node";

/** What brings together what stands far apart. */
export const togetherTitle = "Bring its steps together";

/** What concerns the whole page. */
export interface MoreOfGroup {
  collapsed: boolean;
  copy(): void;
  /** Puts its steps side by side; undefined where they stand so. */
  together?: (() => void) | undefined;
  dissolve(): void;
  remove(): void;
}

/** What can be done with a group as a whole; what would do nothing to any of its steps is not offered. */
export function commandsOfGroup(
  group: string,
  members: StepState[],
  doing: Doing,
  more: MoreOfGroup,
): Command[] {
  const ids = members.map(({ id }) => id);
  const busy = members.filter(({ status }) => underWay.has(status));
  const fold: Command = {
    id: "toggle-group",
    title: more.collapsed ? "Expand the group" : "Collapse the group",
    icon: more.collapsed ? ChevronsUpDown : ChevronsDownUp,
    keys: "h",
    run: () => doing.toggleGroup(group),
  };
  const copy: Command = {
    id: "copy",
    title: "Copy its steps as YAML",
    icon: ClipboardCopy,
    keys: "mod+c",
    run: more.copy,
  };
  // In the past nothing is changed.
  if (useLook.getState().run !== null) return [fold, copy];
  return [
    ...(members.some(canRun)
      ? [
          {
            id: "run",
            title: "Run the group",
            icon: Play,
            keys: "r",
            line: `seqctl run group ${group}`,
            run: () => void doing.act({ action: "run.start", input: { scope: "group", id: group } }),
          },
        ]
      : []),
    ...(busy.length > 0
      ? [
          {
            id: "stop",
            title: busy.length === 1 ? "Stop the one that runs" : `Stop the ${busy.length} that run`,
            icon: Square,
            keys: "s",
            line: busy.map(({ id }) => `seqctl stop ${id}`).join("; "),
            run: () => void oneByOne(busy, "run.stop", doing),
          },
        ]
      : []),
    {
      id: "rename",
      title: "Rename…",
      icon: Pencil,
      keys: "e",
      run: () => renameIn(group),
    },
    fold,
    { id: "steps", title: "Select its steps", icon: BoxSelect, run: () => mark(ids) },
    ...(more.together ? [{ id: "together", title: togetherTitle, icon: Shrink, run: more.together }] : []),
    copy,
    {
      id: "dissolve",
      title: "Dissolve: keep the steps",
      icon: Ungroup,
      keys: "mod+shift+g",
      line: ids.map((id) => `seqctl step edit ${id} --unset group_id`).join("; "),
      run: more.dissolve,
    },
    {
      id: "delete",
      title: "Delete with its steps…",
      icon: Trash2,
      keys: "Delete",
      danger: true,
      run: more.remove,
    },
  ];
}

/** Leads to the field with a group's name. */
export function renameIn(group: string): void {
  chooseGroup(group);
  openInspector();
  requestAnimationFrame(() =>
    requestAnimationFrame(() =>
      document.querySelector<HTMLInputElement>("aside input[name=group]")?.select(),
    ),
  );
}

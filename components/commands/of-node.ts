import {
  Ban,
  Check,
  ChevronsDownUp,
  ChevronsRight,
  ClipboardCopy,
  Columns3,
  Copy,
  CornerDownRight,
  Diamond,
  FileDiff,
  FileText,
  Pencil,
  Pin,
  Play,
  RotateCcw,
  Scissors,
  ScrollText,
  Square,
  Trash2,
  Trophy,
  Undo2,
  Ungroup,
} from "lucide-react";
import { regroup } from "../canvas/regroup";
import type { Call } from "../state/call";
import type { Doing } from "../state/doing";
import { useLook } from "../state/look";
import { compareFusion, rejectAt, select, startAdding, useView } from "../state/view";
import { type GateState, isGate, type NodeState, type StepState } from "../state/wire";
import type { Command } from "./command";

/** Statuses of a step that can be stopped. */
export const underWay = new Set(["RUNNING", "STOPPING", "RETRYING", "QUEUED"]);
const ended = new Set(["DONE", "FAILED", "CANCELED"]);

/** Whether a step can be run as it stands. */
export const canRun = ({ status }: StepState) =>
  status === "READY" || status === "FAILED" || status === "CANCELED";

/** What can be done with a node as it stands now; what would do nothing is not offered. */
export function commandsOf(node: NodeState, doing: Doing, more: MoreOfNode): Command[] {
  const all = everythingOf(node, doing, more);
  return useLook.getState().run === null ? all : all.filter(({ id }) => onlyLooks.has(id));
}

/** What changes nothing, and so can be done in a run that is over, too. */
const onlyLooks = new Set(["log", "results", "copy", "compare"]);

function everythingOf(node: NodeState, doing: Doing, more: MoreOfNode): Command[] {
  const { id } = node;
  const own = isGate(node) ? ofGate(node, doing) : ofStep(node, doing);
  return [
    ...own,
    { id: "edit", title: "Edit…", icon: Pencil, keys: "e", run: () => select(id, "edit") },
    ...(isGate(node) ? [] : grouping(node, doing)),
    {
      id: "after",
      title: "Add a step after it…",
      icon: CornerDownRight,
      keys: "a",
      run: () => startAdding({ needs: [id] }),
    },
    {
      id: "gate-after",
      title: "Add a gate after it…",
      icon: Diamond,
      run: () => startAdding({ kind: "gate", needs: [id] }),
    },
    ...clips(more),
    ...(isGate(node)
      ? []
      : [
          {
            id: "duplicate",
            title: "Duplicate",
            icon: Copy,
            keys: "mod+d",
            line: `seqctl step clone ${id} ${id}-copy`,
            run: more.duplicate,
          },
        ]),
    ...(more.placed
      ? [
          {
            id: "unpin",
            title: "Let the layout place it",
            icon: Pin,
            run: () => doing.place({ positions: { [id]: null } }),
          },
        ]
      : []),
    {
      id: "delete",
      title: "Delete…",
      icon: Trash2,
      keys: "Delete",
      line: `seqctl ${isGate(node) ? "gate" : "step"} rm ${id}`,
      danger: true,
      run: more.remove,
    },
  ];
}

/** What concerns the whole selection, or the canvas. */
export interface MoreOfNode {
  copy(): void;
  cut(): void;
  duplicate(): void;
  remove(): void;
  /** Makes a group of several. */
  group(): void;
  /** Whether they can be a group, or candidates of one fusion: none of them waits for another. */
  canGroup(): boolean;
  /** Whether a person put it where it stands. */
  placed: boolean;
}

/** Nothing of the selection and the canvas, where only what concerns the node itself is wanted. */
export const nothingMore: MoreOfNode = {
  duplicate: () => {},
  remove: () => {},
  copy: () => {},
  cut: () => {},
  group: () => {},
  canGroup: () => false,
  placed: false,
};

const again = "retry, try again, run again";

function ofStep(step: StepState, doing: Doing): Command[] {
  const { id, status, attempt, model, marks } = step;
  const act = (action: string, input: Call["input"]) => ({ run: () => void doing.act({ action, input }) });
  const run: Command = {
    id: "run",
    title: attempt > 0 ? "Re-run it" : "Run this step",
    icon: Play,
    ...(attempt > 0 ? { words: again } : {}),
    keys: "r",
    line: `seqctl run step ${id}`,
    ...act("run.start", { scope: "step", id }),
  };
  const stop: Command = {
    id: "stop",
    title: "Stop it",
    icon: Square,
    keys: "s",
    line: `seqctl stop ${id}`,
    ...act("run.stop", { id }),
  };
  const restart: Command = {
    id: "restart",
    title: underWay.has(status) ? "Restart it" : "Re-run it",
    icon: RotateCcw,
    words: again,
    line: `seqctl restart ${id}`,
    ...act("step.restart", { id }),
  };
  const downstream: Command = {
    id: "downstream",
    title: "Re-run with what depends on it",
    icon: ChevronsRight,
    line: `seqctl rerun ${id} --downstream`,
    ...act("step.rerun", { id, downstream: true }),
  };
  return [
    ...(canRun(step) ? [run] : []),
    ...(underWay.has(status) ? [stop] : []),
    // Of one that can be run as it stands both would do the same.
    ...(attempt > 0 && !canRun(step) ? [restart] : []),
    ...(ended.has(status) && attempt > 0 ? [downstream] : []),
    { id: "log", title: "Show its log", icon: ScrollText, line: `seqctl logs ${id}`, run: () => showLog(id) },
    ...(attempt > 0
      ? [{ id: "results", title: "What it left behind", icon: FileDiff, run: () => select(id, "results") }]
      : []),
    ...ofFusion(step, doing),
    ...(model === "shell" || marks?.sequence !== undefined
      ? []
      : [{ id: "prompt", title: "Edit its prompt", icon: FileText, run: () => select(id, "edit") }]),
  ];
}

/** What is done with a fusion: from its merge, and from each of its candidates. */
function ofFusion({ id, type, status, attempt, marks }: StepState, doing: Doing): Command[] {
  if (type !== "f") return [];
  const joins = marks?.candidates !== undefined;
  const compare: Command = {
    id: "compare",
    title: joins ? "Compare the candidates…" : "Compare it with the other candidates…",
    icon: Columns3,
    line: `seqctl fusion compare ${id}`,
    run: () => compareFusion(id),
  };
  // Until the last of them has ended there may be nothing to take over.
  if (joins && status === "BLOCKED") return [compare];
  if (joins)
    return [
      compare,
      { id: "pick", title: "Pick a candidate…", icon: Trophy, run: () => compareFusion(id, "pick") },
    ];
  const isWhole = status === "DONE" && attempt > 0 && marks?.isolation === "worktree";
  return [
    compare,
    ...(isWhole
      ? [
          {
            id: "pick",
            title: "Pick it: take over its changes…",
            icon: Trophy,
            line: `seqctl fusion pick ${id}`,
            run: () => void doing.pick(id),
          },
        ]
      : []),
  ];
}

function showLog(id: string): void {
  select(id);
  useView.setState({ dockOpen: true });
}

function ofGate({ id, status, takes }: GateState, doing: Doing): Command[] {
  const decision = (verb: "approve" | "block", title: string, icon: Command["icon"]): Command => ({
    id: verb,
    title,
    icon,
    line: `seqctl gate ${verb} ${id}`,
    run: () => void doing.act({ action: `gate.${verb}`, input: { id } }),
  });
  const reject: Command = {
    id: "reject",
    title: "Reject…",
    icon: Undo2,
    line: `seqctl gate reject ${id} --reason …`,
    run: () => rejectAt(id),
  };
  const asks = takes.includes("approve");
  const block = asks ? "Block" : status === "APPROVED" ? "Block: take the yes back" : "Block ahead of time";
  return [
    ...(asks ? [decision("approve", "Approve", Check)] : []),
    // Before there is anything to look at there is nothing to turn down.
    ...(asks && takes.includes("reject") ? [reject] : []),
    ...(takes.includes("block") ? [decision("block", block, Ban)] : []),
  ];
}

function grouping({ id, group_id, type }: StepState, doing: Doing): Command[] {
  if (group_id === null) return [];
  return [
    {
      id: "toggle-group",
      title: `Collapse or expand group ${group_id}`,
      icon: ChevronsDownUp,
      keys: "h",
      run: () => doing.toggleGroup(group_id),
    },
    {
      id: "ungroup",
      title: `Take it out of ${group_id}`,
      icon: Ungroup,
      line: `seqctl step edit ${id} --unset group_id`,
      run: () =>
        void doing.edit(
          regroup([{ id, kind: "step", name: id, group: group_id, needs: [], type }], [id], null),
        ),
    },
  ];
}

/** What the clipboard takes. */
export const clips = ({ copy, cut }: Pick<MoreOfNode, "copy" | "cut">): Command[] => [
  { id: "copy", title: "Copy as YAML", icon: ClipboardCopy, keys: "mod+c", run: copy },
  { id: "cut", title: "Cut…", icon: Scissors, keys: "mod+x", run: cut },
];

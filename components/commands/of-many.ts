import { Combine, Copy, Group, Play, RotateCcw, Square, Trash2 } from "lucide-react";
import type { Doing } from "../state/doing";
import { useLook } from "../state/look";
import { startFusing } from "../state/view";
import { isGate, type NodeState, type StepState } from "../state/wire";
import type { Command } from "./command";
import { canRun, clips, type MoreOfNode, underWay } from "./of-node";

/** What can be done with several selected nodes at once; what would do nothing to any of them is not offered. */
export function commandsOfMany(
  nodes: NodeState[],
  doing: Doing,
  more: Omit<MoreOfNode, "placed">,
): Command[] {
  const copies = clips(more);
  // In the past nothing is changed.
  if (useLook.getState().run !== null) return copies.filter(({ id }) => id === "copy");
  const steps = nodes.filter((node): node is StepState => !isGate(node));
  return [
    ...running(steps, doing),
    ...joining(steps, more),
    ...copies,
    ...(steps.length > 0
      ? [{ id: "duplicate", title: "Duplicate", icon: Copy, keys: "mod+d", run: more.duplicate }]
      : []),
    { id: "delete", title: "Delete…", icon: Trash2, keys: "Delete", danger: true, run: more.remove },
  ];
}

const these = (count: number) => (count === 1 ? "the one that can be" : `these ${count}`);

function running(steps: StepState[], doing: Doing): Command[] {
  const offer = (id: string, verb: string, icon: Command["icon"], some: StepState[], action: string) =>
    some.length === 0
      ? []
      : [{ id, title: `${verb} ${these(some.length)}`, icon, run: () => void oneByOne(some, action, doing) }];
  return [
    ...offer("run", "Run", Play, steps.filter(canRun), "run.start"),
    ...offer(
      "stop",
      "Stop",
      Square,
      steps.filter(({ status }) => underWay.has(status)),
      "run.stop",
    ),
    ...offer(
      "restart",
      "Restart",
      RotateCcw,
      steps.filter(({ attempt }) => attempt > 0),
      "step.restart",
    ),
  ];
}

/** Asks for one after the other; who says no to one is not asked about the rest. */
export async function oneByOne(steps: StepState[], action: string, doing: Doing): Promise<void> {
  for (const { id } of steps) {
    const input = action === "run.start" ? { scope: "step", id } : { id };
    if (!(await doing.act({ action, input }))) return;
  }
}

/** Steps of which one waits for another can neither be a group nor attempt the same task. */
function joining(steps: StepState[], { group, canGroup }: Pick<MoreOfNode, "group" | "canGroup">): Command[] {
  const ids = steps.filter(({ of }) => of === undefined).map(({ id }) => id);
  if (ids.length < 2 || !canGroup()) return [];
  return [
    {
      id: "group",
      title: `Group these ${ids.length}: they run side by side`,
      icon: Group,
      keys: "mod+g",
      line: `seqctl group parallelize ${ids.join(" ")}`,
      run: group,
    },
    {
      id: "fuse",
      title: "Fuse: join their results…",
      icon: Combine,
      line: `seqctl fusion create --candidates ${ids.join(",")} --synth <id>`,
      run: () => startFusing(ids),
    },
  ];
}

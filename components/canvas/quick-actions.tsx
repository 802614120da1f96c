"use client";

import { useStore } from "@xyflow/react";
import { isFirstClick } from "../commands/command";
import { commandsOf } from "../commands/of-node";
import { useDoing } from "../state/doing";
import { usePast } from "../state/look";
import type { StepState } from "../state/wire";
import { useGesture } from "./picture";
import { useReach } from "./stop";

const shown = new Set(["run", "stop", "restart", "log"]);
const nothing = {
  duplicate: () => {},
  remove: () => {},
  copy: () => {},
  cut: () => {},
  group: () => {},
  canGroup: () => false,
  placed: false,
};
/** From farther away they are too small to be hit; the menu and the inspector have them, too. */
const least = 0.7;

/** What is done with a step most often, within the one that the pointer or the focus is on. */
export function QuickActions({ step }: { step: StepState }) {
  const near = useGesture((gesture) => gesture.near === step.id);
  const close = useStore((state) => state.transform[2] >= least);
  return near && close ? <Actions step={step} /> : null;
}

function Actions({ step }: { step: StepState }) {
  const doing = useDoing();
  // What is offered depends on it.
  usePast();
  const reach = useReach();
  const zoom = useStore((state) => state.transform[2]);
  const commands = commandsOf(step, doing, nothing).filter(({ id }) => shown.has(id));
  return (
    <div
      role="toolbar"
      aria-label={`Actions of ${step.name}`}
      className="quick nodrag nopan nokey"
      style={{ scale: Math.max(1, 1 / zoom) }}
    >
      {commands.map(({ id, title, icon: Icon, line, run }) => (
        <button
          key={id}
          type="button"
          tabIndex={reach}
          className="quick-button"
          aria-label={`${title}: ${step.name}`}
          title={line === undefined ? title : `${title} (${line})`}
          onClick={(event) => {
            event.stopPropagation();
            if (isFirstClick(event)) run();
          }}
          onDoubleClick={(event) => event.stopPropagation()}
        >
          <Icon size={14} aria-hidden="true" />
        </button>
      ))}
    </div>
  );
}

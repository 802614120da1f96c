"use client";

import { useInternalNode, useStore } from "@xyflow/react";
import { type CSSProperties, useCallback, useMemo } from "react";
import { isFirstClick } from "../commands/command";
import { commandsOf, nothingMore } from "../commands/of-node";
import { useDoing } from "../state/doing";
import { usePast } from "../state/look";
import { useView } from "../state/view";
import type { StepState } from "../state/wire";
import { besideNode, freeBeside } from "./beside";
import { useIsFar } from "./far";
import { useDirection, useGesture } from "./picture";
import { useReach } from "./stop";

const shown = new Set(["run", "stop", "restart", "log"]);
/** From farther away they would cover the node that they belong to. */
const withinFrom = 0.7;
/** What the stylesheet makes of a button, in px. */
const button = { width: 26, height: 24 };
/** How far the bar reaches over the border, for the pointer to get there and no name to be covered: in px, and as a share of the node's height at most. */
const overlap = { most: 2, share: 0.1 };

/** What is done with a step most often, at the one that the pointer or the focus is on, else at the selected one. */
export function QuickActions({ step }: { step: StepState }) {
  const near = useGesture((gesture) => gesture.near === step.id);
  const chosen = useView((view) => view.selected === step.id && view.marked.length === 0);
  return near || chosen ? <Shown step={step} near={near} /> : null;
}

function Shown({ step, near }: { step: StepState; near: boolean }) {
  const within = useStore((state) => state.transform[2] >= withinFrom);
  const far = useIsFar(useGesture((gesture) => gesture.boxes.size));
  // In the drawing of a large graph a node is a speck: they would cover it, and it could not be dragged.
  if (far) return null;
  if (within) return near ? <Within step={step} /> : null;
  return <Beside step={step} near={near} />;
}

/** Within the card's own box, where there is room for them. */
function Within({ step }: { step: StepState }) {
  const scale = useStore((state) => Math.max(1, 1 / state.transform[2]));
  return <Bar step={step} commands={useQuick(step)} at="within" style={{ scale }} />;
}

/**
 * Seen from farther away: on the border, as large as ever. While nothing is near, what is selected has them only where they cover
 * no other node.
 */
function Beside({ step, near }: { step: StepState; near: boolean }) {
  const commands = useQuick(step);
  const node = useInternalNode(step.id);
  const alone = useGesture((gesture) => gesture.near === null);
  const boxes = useGesture((gesture) => gesture.boxes);
  const wish = useDirection() === "down" ? "above" : "below";
  const { x = 0, y = 0 } = node?.internals.positionAbsolute ?? {};
  const { width = 0, height = 0 } = node ?? {};
  const count = commands.length;
  const scale = useStore((state) => 1 / state.transform[2]);
  const reaches = Math.min(overlap.most, (overlap.share * height) / scale);
  const isFree = useMemo(() => {
    const bar = { width: count * button.width * scale, height: (button.height - reaches) * scale };
    const others = [...boxes].flatMap(([other, box]) => (other === step.id ? [] : [box]));
    return freeBeside([wish], { x, y, width, height }, x + width - bar.width, bar, others) !== undefined;
  }, [step.id, boxes, scale, count, wish, x, y, width, height, reaches]);
  const place = useStore(
    useCallback(
      ({ transform: [left, top, zoom], ...room }) =>
        besideNode(
          { x: left + x * zoom, y: top + y * zoom, width: width * zoom, height: height * zoom },
          { width: count * button.width, height: button.height - reaches },
          room,
          wish,
        ),
      [x, y, width, height, count, wish, reaches],
    ),
    (a, b) => a.side === b.side && a.shift === b.shift,
  );
  if (!near && !(alone && isFree)) return null;
  const over = place.side === "below" ? -reaches : reaches;
  const translate = `${place.shift * scale}px ${over * scale}px`;
  return <Bar step={step} commands={commands} at={place.side} style={{ scale, translate }} />;
}

function useQuick(step: StepState) {
  const doing = useDoing();
  // What is offered depends on it.
  usePast();
  return commandsOf(step, doing, nothingMore).filter(({ id }) => shown.has(id));
}

function Bar(props: {
  step: StepState;
  commands: ReturnType<typeof useQuick>;
  at: "within" | "below" | "above";
  style: CSSProperties;
}) {
  const { step, commands, at, style } = props;
  const reach = useReach();
  return (
    <div
      role="toolbar"
      aria-label={`Actions of ${step.name}`}
      className="quick nodrag nopan nokey"
      data-at={at}
      style={style}
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

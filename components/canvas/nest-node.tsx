"use client";

import type { NodeProps } from "@xyflow/react";
import { Glyph } from "../parts/glyph";
import { KindIcon } from "../parts/icons";
import { useNode } from "../state/queries";
import { select, useView } from "../state/view";
import { standing } from "../state/vocabulary";
import { curve } from "./curves";
import type { TaskNode } from "./elements";
import { type Nest, useNests } from "./nests";
import type { Box } from "./plan";
import { StepFace } from "./step-face";
import { StepFrame } from "./step-frame";
import { useReach } from "./stop";

/** A step that is opened up: its card, and inside of it what it runs. That is the business of another file, so nothing is changed here. */
export function NestNode(props: NodeProps<TaskNode>) {
  const nest = useNests((nests) => nests.nests.get(props.id));
  return (
    <StepFrame of={props}>
      {({ step, looks }) => (
        <div className="card nest" {...looks} style={nest?.size}>
          <StepFace step={step} />
          {nest && <Inside nest={nest} of={step.name} />}
        </div>
      )}
    </StepFrame>
  );
}

const headPx = 7;

function Inside({ nest, of }: { nest: Nest; of: string }) {
  const { layout, names, size, live } = nest;
  return (
    <>
      <svg className="nest-arrows" width={size.width} height={size.height} aria-hidden="true">
        {layout.edges
          .filter((edge) => !edge.implied)
          .map((edge) => {
            const from = layout.boxes.get(edge.source);
            const to = layout.boxes.get(edge.target);
            if (!from || !to) return null;
            const begin = { x: from.x + from.width, y: from.y + from.height / 2 };
            const end = { x: to.x - headPx, y: to.y + to.height / 2 };
            return (
              <g key={edge.id}>
                <path d={curve([begin, ...edge.route, end])} />
                <path className="nest-head" d={`M${to.x} ${end.y}l-${headPx} -3.5v7z`} />
              </g>
            );
          })}
      </svg>
      <ul aria-label={`Inside ${of}`}>
        {[...layout.boxes].map(([id, box]) => {
          const { name = id, model = "shell" } = names.get(id) ?? {};
          return live ? (
            <Live key={id} id={id} box={box} parent={of} />
          ) : (
            <li key={id} className="inner" style={placed(box)} title={id}>
              <KindIcon model={model} size={13} />
              <span>{name}</span>
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** A step inside that is part of the run: its state and log can be looked at. */
function Live({ id, box, parent }: { id: string; box: Box; parent: string }) {
  const step = useNode(id);
  const chosen = useView((view) => view.selected === id);
  const reach = useReach();
  if (!step) return null;
  const { tone, word } = standing(step);
  const prefix = `${parent}: `;
  return (
    <li className="inner" data-tone={tone} data-selected={chosen} style={placed(box)}>
      <button
        type="button"
        tabIndex={reach}
        className="nodrag nopan nokey"
        title={`${step.id}: ${word}`}
        onClick={(event) => {
          event.stopPropagation();
          select(id);
        }}
      >
        <Glyph tone={tone} />
        <span>{step.name.startsWith(prefix) ? step.name.slice(prefix.length) : step.name}</span>
        <span className="sr-only">({word})</span>
      </button>
    </li>
  );
}

const placed = ({ x, y, width, height }: Box) => ({ left: x, top: y, width, height });

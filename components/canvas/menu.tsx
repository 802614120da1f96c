"use client";

import * as Radix from "@radix-ui/react-context-menu";
import { useReactFlow } from "@xyflow/react";
import { ClipboardPaste, Diamond, Maximize, Plus, Scissors, Wand2 } from "lucide-react";
import { type MouseEvent, type ReactNode, useState } from "react";
import { Items } from "../commands/items";
import { commandsOfMany } from "../commands/of-many";
import { commandsOf } from "../commands/of-node";
import { moreOf, useOnSelection } from "../commands/selected";
import { useGroupCommands } from "../commands/use-group";
import { useDoing } from "../state/doing";
import { giveBackFocus } from "../state/focus";
import { useNode, useNodes } from "../state/queries";
import { chooseGroup, mark, select, selection, startAdding, useView } from "../state/view";
import { groupOfBox } from "./elements";
import { foldedGroup } from "./folding";
import type { Placed } from "./layout";
import { spotAt } from "./picture";
import type { PlanNode } from "./plan";

type Target =
  | { kind: "node"; id: string }
  | { kind: "arrow"; id: string }
  | { kind: "group"; group: string }
  | { kind: "pane"; spot: { x: number; y: number } };

/** The menu of whatever is right-clicked; the menu key opens it for what has the focus. */
export function CanvasMenu(props: { plan: PlanNode[]; places: Placed; children: ReactNode }) {
  const { plan, places, children } = props;
  const flow = useReactFlow();
  const [target, setTarget] = useState<Target | null>(null);
  const aim = (event: MouseEvent<HTMLElement>) => {
    const element = event.target as Element;
    const node = element.closest<HTMLElement>(".react-flow__node")?.dataset.id;
    const arrow = element.closest<SVGElement>(".react-flow__edge")?.dataset.id;
    const group = node === undefined ? undefined : (foldedGroup(node) ?? groupOfBox(node));
    if (group !== undefined) {
      chooseGroup(group);
      setTarget({ kind: "group", group });
    } else if (node !== undefined) {
      if (!selection(useView.getState()).includes(node)) select(node);
      setTarget({ kind: "node", id: node });
    } else if (arrow !== undefined && !arrow.split("→").some((id) => foldedGroup(id) !== undefined)) {
      select(null);
      useView.setState({ edge: arrow });
      setTarget({ kind: "arrow", id: arrow });
    } else {
      const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      setTarget({ kind: "pane", spot: spotAt(point) });
    }
  };
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>
        <div className="h-full w-full" onContextMenuCapture={aim}>
          {children}
        </div>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className="menu"
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            giveBackFocus();
          }}
        >
          {target?.kind === "node" && <OfNode id={target.id} places={places} />}
          {target?.kind === "arrow" && <OfArrow id={target.id} />}
          {target?.kind === "group" && <OfGroup group={target.group} />}
          {target?.kind === "pane" && <OfPane spot={target.spot} plan={plan} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function OfNode({ id, places }: { id: string; places: Placed }) {
  const node = useNode(id);
  const doing = useDoing();
  const on = useOnSelection();
  const marked = useView((view) => view.marked);
  const nodes = useNodes(marked);
  if (!node) return null;
  const more = moreOf(on);
  const commands =
    marked.length > 1
      ? commandsOfMany(nodes, doing, more)
      : commandsOf(node, doing, { ...more, placed: id in places.positions });
  return (
    <>
      <Radix.Label className="menu-label">
        {marked.length > 1 ? `${marked.length} chosen` : node.name}
      </Radix.Label>
      <Items as={Radix.Item} commands={commands} />
    </>
  );
}

function OfArrow({ id }: { id: string }) {
  const on = useOnSelection();
  const [source = "", target = ""] = id.split("→");
  return (
    <>
      <Radix.Label className="menu-label">
        {source} → {target}
      </Radix.Label>
      <Items
        as={Radix.Item}
        commands={[
          {
            id: "step-into",
            title: "Put a step into it…",
            icon: Plus,
            run: () => startAdding({ into: [source, target] }),
          },
          {
            id: "gate-into",
            title: "Put a gate into it…",
            icon: Diamond,
            run: () => startAdding({ kind: "gate", into: [source, target] }),
          },
          {
            id: "cut",
            title: "Cut it",
            icon: Scissors,
            keys: "Delete",
            line: `seqctl dep rm ${target} ${source}`,
            danger: true,
            run: () => void on.cutArrow(),
          },
        ]}
      />
    </>
  );
}

function OfGroup({ group }: { group: string }) {
  return (
    <>
      <Radix.Label className="menu-label">{group}</Radix.Label>
      <Items as={Radix.Item} commands={useGroupCommands(group)} />
    </>
  );
}

function OfPane({ spot, plan }: { spot: { x: number; y: number }; plan: PlanNode[] }) {
  const { place } = useDoing();
  const on = useOnSelection();
  return (
    <Items
      as={Radix.Item}
      commands={[
        { id: "step", title: "Add a step here…", icon: Plus, keys: "n", run: () => startAdding({ spot }) },
        {
          id: "gate",
          title: "Add a gate here…",
          icon: Diamond,
          keys: "g",
          run: () => startAdding({ kind: "gate", spot }),
        },
        {
          id: "paste",
          title: "Paste",
          icon: ClipboardPaste,
          keys: "mod+v",
          run: () => void on.pasteClipboard(),
        },
        {
          id: "all",
          title: "Select everything",
          icon: Maximize,
          keys: "mod+a",
          run: () => mark(plan.map((node) => node.id)),
        },
        { id: "tidy", title: "Tidy", icon: Wand2, keys: "t", run: () => place({ reset: true }) },
      ]}
    />
  );
}

"use client";

import * as Radix from "@radix-ui/react-dropdown-menu";
import { Ellipsis, Group, Workflow } from "lucide-react";
import type { KeyboardEvent as KeyPress, MouseEvent, ReactNode } from "react";
import { Items } from "../commands/items";
import { commandsOf } from "../commands/of-node";
import { moreOf, useOnSelection } from "../commands/selected";
import { turnList } from "../commands/turn-list";
import { useGroupCommands } from "../commands/use-group";
import { NodeLinks } from "../inspector/node-link";
import { outlineOf } from "../inspector/outline";
import { Duration } from "../parts/duration";
import { Outdated } from "../parts/outdated";
import { StatusWord } from "../parts/status-word";
import { useDoing } from "../state/doing";
import { useNode, useStatus } from "../state/queries";
import { chooseGroup, select, useView } from "../state/view";
import { standing } from "../state/vocabulary";
import { isGate, type NodeState } from "../state/wire";
import { AddButtons } from "./add-buttons";
import { useDim } from "./dim";
import { groupBox } from "./elements";
import { standingOfGroup } from "./folding";

/** The same graph as a table in the order of the work: everything that can be seen and done on the canvas, without it. */
export function AsList() {
  const rows = useStatus(outlineOf) ?? [];
  return (
    <div className="as-list" tabIndex={-1}>
      <div role="toolbar" aria-label="List" className="flex gap-2">
        <button type="button" className="button act" onClick={turnList}>
          <Workflow size={13} aria-hidden="true" /> Show as a graph
        </button>
        <AddButtons className="button act" iconPx={13} />
      </div>
      <table className="runs" aria-label="Steps and gates">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Status</th>
            <th scope="col">Depends on</th>
            <th scope="col">Took</th>
            <th scope="col">
              <span className="sr-only">Menu</span>
            </th>
          </tr>
        </thead>
        <tbody onKeyDown={byArrows} onContextMenu={openMenu}>
          {rows.map(({ id, kind, inGroup }) =>
            kind === "group" ? (
              <GroupRow key={`group ${id}`} group={id} />
            ) : (
              <Row key={id} id={id} inGroup={inGroup} />
            ),
          )}
        </tbody>
      </table>
      {rows.length === 0 && <p className="text-muted">The sequence is empty.</p>}
    </div>
  );
}

/** Leads the focus from row to row, as it goes from node to node in the graph. */
function byArrows(event: KeyPress<HTMLElement>) {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.indexOf(event.target as HTMLElement);
  const last = rows.length - 1;
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: last }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  rows[Math.min(last, Math.max(0, to))]?.focus();
}

/** The opener of a menu that was asked for at its row, which then gets the focus back. */
let fromRow: HTMLElement | null = null;

/** Shift and F10, or the other button of the mouse, open the menu that stands at the end of the row. */
function openMenu(event: MouseEvent<HTMLElement>) {
  const opener = (event.target as Element).closest("tr")?.querySelector<HTMLElement>("[aria-haspopup=menu]");
  if (!opener) return;
  event.preventDefault();
  fromRow = opener;
  opener.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
}

function GroupRow({ group }: { group: string }) {
  const stand = useStatus((status) => standingOfGroup(status, group));
  const chosen = useView((view) => view.group === group);
  if (!stand) return null;
  return (
    <tr aria-selected={chosen}>
      <th scope="row">
        <button
          type="button"
          className="link inline-flex items-center gap-1.5 text-left font-semibold"
          data-row={groupBox(group)}
          aria-label={`Group ${group}`}
          onClick={() => chooseGroup(group)}
        >
          <Group size={13} aria-hidden="true" /> {group}
        </button>
      </th>
      <td>
        <StatusWord {...stand} />
        <span className="block text-sm text-faint">
          {stand.done} of {stand.total} done
        </span>
      </td>
      <td />
      <td />
      <td>
        <Menu of={`group ${group}`}>
          <GroupItems group={group} />
        </Menu>
      </td>
    </tr>
  );
}

function Row({ id, inGroup }: { id: string; inGroup: boolean }) {
  const node = useNode(id);
  const chosen = useView((view) => view.selected === id);
  const dim = useDim(id, node?.name);
  if (!node) return null;
  return (
    <tr aria-selected={chosen} data-dim={dim} data-in-group={inGroup}>
      <th scope="row">
        <button type="button" className="link text-left" data-row={id} onClick={() => select(id)}>
          {node.name}
        </button>{" "}
        {node.name !== id && <span className="font-mono text-sm text-faint">{id}</span>}
      </th>
      <td>
        <StatusWord {...standing(node)} /> <Outdated node={node} />
      </td>
      <td>
        <NodeLinks ids={node.depends_on} />
      </td>
      <td>{isGate(node) ? "" : <Duration step={node} />}</td>
      <td>
        <Menu of={node.name}>
          <NodeItems node={node} />
        </Menu>
      </td>
    </tr>
  );
}

function NodeItems({ node }: { node: NodeState }) {
  const doing = useDoing();
  const on = useOnSelection();
  const commands = commandsOf(node, doing, { ...moreOf(on, [node.id]), placed: false });
  return <Items as={Radix.Item} commands={commands} />;
}

function GroupItems({ group }: { group: string }) {
  return <Items as={Radix.Item} commands={useGroupCommands(group)} />;
}

/** What is in it is looked up once it is open: there may be thousands. */
function Menu({ of, children }: { of: string; children: ReactNode }) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger
        className="icon-button"
        onPointerDown={() => {
          fromRow = null;
        }}
        aria-label={`What can be done with ${of}`}
      >
        <Ellipsis size={15} aria-hidden="true" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className="menu"
          align="end"
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            const row = fromRow?.closest("tr")?.querySelector<HTMLElement>("[data-row]");
            fromRow = null;
            if (!row) return;
            event.preventDefault();
            row.focus();
          }}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

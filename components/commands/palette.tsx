"use client";

import { useQuery } from "@tanstack/react-query";
import { Command as Cmdk } from "cmdk";
import { FileCode2, History, Info, SquareFunction } from "lucide-react";
import { useState } from "react";
import { type AnyAction, actions } from "../../lib/core/actions";
import { usePlaces } from "../canvas/picture";
import { Dialog } from "../dialog/dialog";
import { Glyph } from "../parts/glyph";
import { Outdated } from "../parts/outdated";
import { useDoing } from "../state/doing";
import { focusNode } from "../state/focus";
import { lookAt } from "../state/look";
import { sayMoment } from "../state/moment";
import { useSession } from "../state/provider";
import { useNode, useNodes, useStatus } from "../state/queries";
import { select, startFusing, useView } from "../state/view";
import { standing } from "../state/vocabulary";
import type { StatusDocument } from "../state/wire";
import { alignments } from "./alignments";
import type { Command } from "./command";
import { usePageCommands } from "./everywhere";
import { useGateCommands } from "./gates";
import { sayKeys } from "./keymap";
import { lineOf } from "./lines";
import { commandsOfMany } from "./of-many";
import { commandsOf } from "./of-node";
import { asksWhy, rank, type Scope, signs } from "./palette-search";
import { useRunCommands } from "./runs";
import { moreOf, useOnSelection } from "./selected";
import { useSettingCommands } from "./settings";
import { useThemeCommands } from "./theme";
import { useGroupCommands } from "./use-group";

const close = () => useView.setState({ front: null });
const nodesOf = (status: StatusDocument) => [...status.steps, ...status.gates];
const idsOfSteps = (status: StatusDocument) => status.steps.map(({ id }) => id);

/** One box for everything that can be done or gone to; each entry shows its command line, so that it teaches it. */
export function Palette() {
  const [text, setText] = useState("");
  const scope = signs[text.charAt(0)];
  const search = scope ? text.slice(1).trimStart() : text;
  const shows = (wanted: Scope) => scope === undefined || scope === wanted;
  return (
    <Dialog open onClose={close} title="Command palette" quiet className="palette">
      <Cmdk label="Command palette" filter={rank} loop>
        <Cmdk.Input
          value={text}
          onValueChange={setText}
          placeholder="Do something, or go to a step.   > actions   @ steps   # runs   ? why"
        />
        <Cmdk.List>
          <Cmdk.Empty>Nothing fits “{search}”. Without it, all that can be done stands here.</Cmdk.Empty>
          {shows("actions") && <Selected />}
          {shows("actions") && <Everywhere />}
          {shows("actions") && search !== "" && <Settings />}
          {shows("nodes") && <Nodes />}
          {(scope === "why" || asksWhy(text)) && <Whys />}
          {shows("runs") && <Runs />}
          {shows("actions") && <Actions />}
        </Cmdk.List>
      </Cmdk>
    </Dialog>
  );
}

function Entry({ group, command }: { group: string; command: Command }) {
  const { id, title, icon: Icon, words = "", line, keys, danger, run } = command;
  return (
    <Cmdk.Item
      className="menu-item"
      value={`${group} ${id}`}
      keywords={[title, words, line ?? ""]}
      data-danger={danger}
      onSelect={() => {
        close();
        // The window gives the focus back first; what opens another one takes it then.
        setTimeout(run);
      }}
    >
      <Icon size={14} aria-hidden="true" />
      <span className="shrink-0">{title}</span>
      <span className="line">{line}</span>
      {keys && <kbd>{sayKeys(keys)}</kbd>}
    </Cmdk.Item>
  );
}

function Selected() {
  const id = useView((view) => view.selected);
  const marked = useView((view) => view.marked);
  const group = useView((view) => view.group);
  if (group !== null) return <OfGroup group={group} />;
  if (marked.length > 1) return <OfMany ids={marked} />;
  return id === null ? null : <OfNode id={id} />;
}

function OfMany({ ids }: { ids: string[] }) {
  const doing = useDoing();
  const on = useOnSelection();
  const nodes = useNodes(ids);
  const commands = [...commandsOfMany(nodes, doing, moreOf(on)), ...alignments((how) => on.align(how))];
  return (
    <Cmdk.Group heading={`${ids.length} chosen`}>
      {commands.map((command) => (
        <Entry key={command.id} group="selected" command={command} />
      ))}
    </Cmdk.Group>
  );
}

function OfGroup({ group }: { group: string }) {
  const commands = useGroupCommands(group);
  return (
    <Cmdk.Group heading={`Group ${group}`}>
      {commands.map((command) => (
        <Entry key={command.id} group="selected" command={command} />
      ))}
    </Cmdk.Group>
  );
}

function OfNode({ id }: { id: string }) {
  const node = useNode(id);
  const doing = useDoing();
  const on = useOnSelection();
  const places = usePlaces();
  if (!node) return null;
  const commands = commandsOf(node, doing, {
    ...moreOf(on),
    placed: places !== undefined && id in places.positions,
  });
  return (
    <Cmdk.Group heading={node.name}>
      {commands.map((command) => (
        <Entry key={command.id} group="selected" command={command} />
      ))}
    </Cmdk.Group>
  );
}

function Everywhere() {
  const commands = [...useGateCommands(), ...useRunCommands(), ...usePageCommands(), ...useThemeCommands()];
  return (
    <Cmdk.Group heading="Do">
      {commands.map((command) => (
        <Entry key={command.id} group="page" command={command} />
      ))}
    </Cmdk.Group>
  );
}

function Settings() {
  const commands = useSettingCommands();
  return (
    <Cmdk.Group heading="Settings">
      {commands.map((command) => (
        <Entry key={command.id} group="setting" command={command} />
      ))}
    </Cmdk.Group>
  );
}

function Nodes() {
  const nodes = useStatus(nodesOf) ?? [];
  return (
    <Cmdk.Group heading="Go to">
      {nodes.map((node) => {
        const { tone, word } = standing(node);
        return (
          <Cmdk.Item
            key={node.id}
            className="menu-item"
            value={`node ${node.id}`}
            keywords={[node.name, node.id]}
            onSelect={() => {
              close();
              select(node.id);
              focusNode(node.id);
            }}
          >
            <Glyph tone={tone} />
            <span className="truncate">{node.name}</span>
            <span className="line">{node.id}</span>
            <span className="text-sm text-faint">
              {word} <Outdated node={node} />
            </span>
          </Cmdk.Item>
        );
      })}
    </Cmdk.Group>
  );
}

function Whys() {
  const nodes = useStatus(nodesOf) ?? [];
  return (
    <Cmdk.Group heading="Why">
      {nodes.map(({ id, name, why }) => (
        <Cmdk.Item
          key={id}
          className="menu-item"
          value={`why ${id}`}
          keywords={[name, why]}
          onSelect={() => {
            close();
            select(id, "overview");
          }}
        >
          <Info size={14} aria-hidden="true" />
          <span className="min-w-0">{why}</span>
          <span className="line">seqctl why {id}</span>
        </Cmdk.Item>
      ))}
    </Cmdk.Group>
  );
}

function Runs() {
  const { api } = useSession();
  const seq = useStatus((status) => `${status.run} ${status.seq}`);
  const { data } = useQuery({ queryKey: ["runs", seq], queryFn: api.runs, retry: false });
  if (!data || data.runs.length === 0) return null;
  return (
    <Cmdk.Group heading="Runs">
      {data.runs.map((run) => (
        <Entry
          key={run.id}
          group="run"
          command={{
            id: run.id,
            title: `Run ${run.id.slice(-6)}, ${"problem" in run ? run.problem : `${run.state}, ${sayMoment(run.opened_at)}`}`,
            icon: History,
            line: `seqctl runs show ${run.id.slice(-6)}`,
            run: () => lookAt(run.id),
          }}
        />
      ))}
    </Cmdk.Group>
  );
}

/** What the entries under Do do as a whole: a form would offer it twice. */
const wholeUnderDo = new Set(["step.add", "gate.insert", "sequence.undo", "sequence.redo", "policy.mode"]);

/** Everything else the door knows, each with a form of its own. */
function Actions() {
  const marked = useView((view) => view.marked);
  const steps = useStatus(idsOfSteps);
  const chosen = marked.filter((id) => steps?.includes(id));
  const others = (actions as unknown as AnyAction[]).filter(({ name }) => !wholeUnderDo.has(name));
  return (
    <Cmdk.Group heading="Every other action">
      {others.map(({ name, title, positional }) => (
        <Entry
          key={name}
          group="action"
          command={{
            id: name,
            title: `${title}…`,
            icon: name.startsWith("sequence.") ? FileCode2 : SquareFunction,
            line: lineOf(name, positional),
            run: () => (name === "fusion.create" ? startFusing(chosen) : useView.setState({ form: name })),
          }}
        />
      ))}
    </Cmdk.Group>
  );
}

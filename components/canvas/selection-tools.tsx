"use client";

import { useStore } from "@xyflow/react";
import { alignments } from "../commands/alignments";
import { commandsOfMany } from "../commands/of-many";
import { moreOf, useOnSelection } from "../commands/selected";
import { ToolButton } from "../parts/tool-button";
import { useDoing } from "../state/doing";
import { usePast } from "../state/look";
import { useNodes } from "../state/queries";
import { useView } from "../state/view";

/** What is done with several nodes at once, while several are selected. */
export function SelectionTools() {
  const marked = useView((view) => view.marked);
  const past = usePast();
  return marked.length < 2 || past ? null : <Tools marked={marked} />;
}

const shown = new Set(["group", "fuse", "duplicate", "delete"]);
/** What is done with them most, in words. */
const named = new Map([
  ["run", "Run"],
  ["stop", "Stop"],
  ["restart", "Restart"],
]);

/** In a narrower graph the bar has no room for what the inspector has as well. */
const roomyPx = 640;

function Tools({ marked }: { marked: string[] }) {
  const nodes = useNodes(marked);
  const doing = useDoing();
  const on = useOnSelection();
  const commands = commandsOfMany(nodes, doing, moreOf(on));
  const isRoomy = useStore(({ width }) => width >= roomyPx);
  const common = commands.filter(({ id }) => shown.has(id));
  return (
    <div role="toolbar" aria-label="Selection" className="zoom selection-tools">
      <span>{marked.length} chosen</span>
      {commands.map(
        ({ id, title, icon: Icon, run }) =>
          named.has(id) && (
            <button key={id} type="button" className="wide" aria-label={title} title={title} onClick={run}>
              <Icon size={13} aria-hidden="true" /> {named.get(id)}
            </button>
          ),
      )}
      {[...(isRoomy ? alignments((how) => on.align(how)) : []), ...common].map(({ id, title, icon, run }) => (
        <ToolButton key={id} label={title} icon={icon} onPress={run} />
      ))}
    </div>
  );
}

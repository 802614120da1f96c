"use client";

import { alignments } from "../commands/alignments";
import { commandsOfMany } from "../commands/of-many";
import { moreOf, useOnSelection } from "../commands/selected";
import { ToolButton } from "../parts/tool-button";
import { useDoing } from "../state/doing";
import { usePast } from "../state/look";
import { useNodes } from "../state/queries";
import { mark } from "../state/view";
import { ActionButtons } from "./action-buttons";
import { Heading } from "./heading";
import { NodeRow } from "./node-row";

/** What several chosen nodes have in common: what can be done with all of them, and which they are. */
export function Several({ ids }: { ids: string[] }) {
  const nodes = useNodes(ids);
  const doing = useDoing();
  const on = useOnSelection();
  const past = usePast();
  const commands = commandsOfMany(nodes, doing, moreOf(on, ids));
  return (
    <div className="flex h-full flex-col">
      <Heading title={`${ids.length} chosen`} />
      <div className="tab">
        <ActionButtons label="What can be done with all of them" commands={commands} />
        {!past && (
          <div role="toolbar" aria-label="Align" className="flex flex-wrap gap-0.5">
            {alignments((how) => on.align(how, ids)).map(({ id, title, icon, run }) => (
              <ToolButton key={id} label={title} icon={icon} look="icon-button" onPress={run} />
            ))}
          </div>
        )}
        <section aria-label="Chosen">
          <h3 className="section-title mb-1">Chosen</h3>
          <ul>
            {nodes.map((node) => (
              <NodeRow key={node.id} node={node} title={`Choose only ${node.id}`}>
                <button
                  type="button"
                  className="link shrink-0 text-sm"
                  aria-label={`leave out ${node.name}`}
                  onClick={() => mark(ids.filter((id) => id !== node.id))}
                >
                  leave out
                </button>
              </NodeRow>
            ))}
          </ul>
        </section>
      </div>
    </div>
  );
}

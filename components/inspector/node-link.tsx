"use client";

import { Glyph } from "../parts/glyph";
import { Outdated } from "../parts/outdated";
import { useNode } from "../state/queries";
import { select } from "../state/view";
import { standing } from "../state/vocabulary";

/** Nodes by name, each leading to the node. */
export function NodeLinks({ ids }: { ids: string[] }) {
  if (ids.length === 0) return <span className="text-faint">nothing</span>;
  return (
    <ul className="flex flex-col items-start gap-0.5">
      {ids.map((id) => (
        <li key={id} className="max-w-full">
          <NodeLink id={id} />
        </li>
      ))}
    </ul>
  );
}

function NodeLink({ id }: { id: string }) {
  const node = useNode(id);
  if (!node) return <code className="font-mono text-faint">{id}</code>;
  const { tone, word } = standing(node);
  return (
    <button
      type="button"
      className="group inline-flex max-w-full cursor-pointer items-center gap-1.5 text-left"
      title={`${node.name}: ${word}`}
      onClick={() => select(id)}
    >
      <Glyph tone={tone} />
      <span className="link min-w-0 truncate">{node.name}</span>
      <span className="sr-only">({word})</span>
      <Outdated node={node} />
    </button>
  );
}

"use client";

import type { ReactNode } from "react";
import { Outdated } from "../parts/outdated";
import { StatusWord } from "../parts/status-word";
import { select } from "../state/view";
import { standing } from "../state/vocabulary";
import type { NodeState } from "../state/wire";

/** One of several nodes that are listed: its name leads to it, and behind how it stands is what can be done with it here. */
export function NodeRow({ node, title, children }: { node: NodeState; title: string; children: ReactNode }) {
  return (
    <li className="flex items-center gap-2 py-0.5">
      <button
        type="button"
        className="link min-w-0 grow truncate text-left"
        title={title}
        onClick={() => select(node.id)}
      >
        {node.name}
      </button>
      <span className="shrink-0 text-sm">
        <StatusWord {...standing(node)} /> <Outdated node={node} />
      </span>
      {children}
    </li>
  );
}

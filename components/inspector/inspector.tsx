"use client";

import type { ReactNode } from "react";
import { CloseIcon } from "../parts/icons";
import { StatusWord } from "../parts/status-word";
import { useNode } from "../state/queries";
import { select, useView } from "../state/view";
import { standing } from "../state/vocabulary";
import { isGate, type NodeState } from "../state/wire";
import { Definition } from "./definition";
import { Facts } from "./facts";
import { GateDecision } from "./gate-decision";
import { Overview } from "./overview";

/** What is known about the selected node; without one, the outline of the whole sequence. */
export function Inspector() {
  const selected = useView((view) => view.selected);
  return selected === null ? <Overview /> : <Selected key={selected} id={selected} />;
}

function Selected({ id }: { id: string }) {
  const node = useNode(id);
  if (node === undefined) return null;
  return (
    <div className="relative h-full overflow-y-auto">
      {node === null ? <Gone id={id} /> : <Details node={node} />}
    </div>
  );
}

function Details({ node }: { node: NodeState }) {
  const gate = isGate(node);
  return (
    <>
      <Heading title={node.name}>
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 text-sm">
          <span className="font-medium">
            <StatusWord {...standing(node)} />
          </span>
          <span className="font-mono break-all text-faint">{node.id}</span>
        </div>
      </Heading>
      <div className="flex flex-col gap-5 px-4 pb-6">
        <p className="break-words text-muted">{node.why}</p>
        {gate && <GateDecision gate={node} />}
        <Facts node={node} />
        <Definition id={node.id} />
      </div>
    </>
  );
}

function Gone({ id }: { id: string }) {
  return (
    <>
      <Heading title="Not in this sequence" />
      <p className="px-4 text-muted">
        There is no step or gate <code className="font-mono break-all">{id}</code>. It may have been removed
        or renamed.
      </p>
    </>
  );
}

function Heading({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="flex items-start gap-2 px-4 pt-3.5 pb-3">
      <div className="min-w-0 grow">
        <h2 className="text-lg font-semibold break-words">{title}</h2>
        {children}
      </div>
      <button
        type="button"
        className="grid size-6 shrink-0 cursor-pointer place-items-center rounded-md text-muted hover:bg-hover hover:text-ink"
        aria-label="End the selection"
        title="End the selection"
        onClick={() => select(null)}
      >
        <CloseIcon />
      </button>
    </div>
  );
}

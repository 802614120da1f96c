"use client";

import { Copy, Trash2 } from "lucide-react";
import { alignments } from "../commands/alignments";
import { useOnSelection } from "../commands/selected";
import { useView } from "../state/view";

/** What is done with several nodes at once, while several are selected. */
export function SelectionTools() {
  const count = useView((view) => view.marked.length);
  const on = useOnSelection();
  if (count < 2) return null;
  return (
    <div role="toolbar" aria-label="Selection" className="zoom selection-tools">
      <span>{count} selected</span>
      {alignments((how) => on.align(how)).map(({ id, title, icon: Icon, run }) => (
        <button key={id} type="button" aria-label={title} title={title} onClick={run}>
          <Icon size={15} aria-hidden="true" />
        </button>
      ))}
      <button
        type="button"
        aria-label="Duplicate them"
        title="Duplicate them"
        onClick={() => void on.duplicate()}
      >
        <Copy size={14} aria-hidden="true" />
      </button>
      <button type="button" aria-label="Delete them…" title="Delete them…" onClick={() => void on.remove()}>
        <Trash2 size={14} aria-hidden="true" />
      </button>
    </div>
  );
}

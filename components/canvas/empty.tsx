"use client";

import { Plus } from "lucide-react";
import { HereCommand } from "../parts/here-command";
import { startAdding } from "../state/view";

/** What stands on a canvas without nodes: how to get some. */
export function EmptyCanvas() {
  return (
    <div className="grid h-full place-items-center p-6">
      <div className="w-full max-w-120 text-center">
        <h2 className="mb-1 text-lg font-semibold">The sequence is empty</h2>
        <p className="mb-4 text-muted">
          Add a first step here, or from a shell; either way it appears at once.
        </p>
        <button
          type="button"
          className="button button-main mb-4 inline-flex items-center gap-1.5"
          onClick={() => startAdding()}
        >
          <Plus size={15} aria-hidden="true" /> Add the first step
        </button>
        <div className="text-left">
          <HereCommand words={`step add hello --command '["echo","hello"]'`} />
        </div>
      </div>
    </div>
  );
}

/** A canvas before its first status. */
export function LoadingCanvas() {
  return (
    <div className="grid h-full place-items-center" role="status" aria-label="Loading the graph">
      <div className="flex items-center gap-10" aria-hidden="true">
        {["a", "b", "c"].map((key) => (
          <span key={key} className="skeleton h-14 w-40 rounded-[10px]" />
        ))}
      </div>
    </div>
  );
}

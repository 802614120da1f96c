"use client";

import { History } from "lucide-react";
import { sayDuration } from "../state/duration";
import { lookAway, useLook } from "../state/look";
import { useStatus } from "../state/queries";

/** Says that the picture is not the present, and leads back to it. */
export function ReplayBanner() {
  const { run, t, at, isShown } = useLook();
  const shown = useStatus((status) => status.run);
  if (run === null) return null;
  const name = (shown ?? run).slice(-6);
  return (
    <div role="status" data-at={at} data-t={t} data-tone="human" className="replay-banner">
      <span className="tone-ink">
        <History size={14} aria-hidden="true" />
      </span>
      <p className="min-w-0 grow text-pretty">
        {!isShown && "Reading the run…"}
        {isShown && t !== null && (
          <>
            Replay: run <code>{name}</code> as it stood {sayDuration(t)} after it was opened.
          </>
        )}
        {isShown && t === null && (
          <>
            An earlier run: <code>{name}</code> as it ended.
          </>
        )}{" "}
        <span className="text-muted">Nothing can be changed here.</span>
      </p>
      <button type="button" className="button shrink-0 text-sm" title="Back to now (Esc)" onClick={lookAway}>
        Back to now
      </button>
    </div>
  );
}

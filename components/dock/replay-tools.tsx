"use client";

import { Pause, Play, SkipBack, SkipForward } from "lucide-react";
import { sayDuration } from "../state/duration";
import { useLook } from "../state/look";
import { spanOf } from "../state/replay";
import type { ReplayDocument } from "../state/wire";
import { moveMoment } from "./moments";
import { play } from "./playing";

const speeds = [1, 4, 16, 64];

/** What moves the moment that is looked at. */
export function ReplayTools(props: {
  doc: ReplayDocument;
  folded: boolean;
  onFolded: (folded: boolean) => void;
}) {
  const { doc, folded, onFolded } = props;
  const { run, t, isPlaying, speed } = useLook();
  const { from, to } = spanOf(doc);
  const isReplay = run !== null && t !== null;
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label="The moment before"
        title="The moment before (,)"
        onClick={() => moveMoment(doc, -1)}
      >
        <SkipBack size={14} aria-hidden="true" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={isPlaying ? "Pause" : "Play the run"}
        title={isPlaying ? "Pause" : "Play the run on the graph"}
        onClick={() => (isPlaying ? useLook.setState({ isPlaying: false }) : play(doc))}
      >
        {isPlaying ? <Pause size={14} aria-hidden="true" /> : <Play size={14} aria-hidden="true" />}
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="The moment after"
        title="The moment after (.)"
        onClick={() => moveMoment(doc, 1)}
      >
        <SkipForward size={14} aria-hidden="true" />
      </button>
      <select
        aria-label="Speed"
        className="dock-select"
        value={speed}
        onChange={({ target }) => useLook.setState({ speed: Number(target.value) })}
      >
        {speeds.map((each) => (
          <option key={each} value={each}>
            {each}×
          </option>
        ))}
      </select>
      <span className="truncate text-sm text-muted">
        {isReplay ? `${sayDuration(t)} of ` : "took "}
        {sayDuration(to - from)}
      </span>
      <span className="grow" />
      <span className="timeline-legend" aria-hidden="true">
        <i data-critical="true" /> critical path <i data-wait="true" /> waits
      </span>
      <label className="flex shrink-0 items-center gap-1 text-sm whitespace-nowrap text-muted">
        <input type="checkbox" checked={folded} onChange={({ target }) => onFolded(target.checked)} />
        fold long waits
      </label>
    </>
  );
}

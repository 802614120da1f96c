"use client";

import { FoldHorizontal, Pause, Play, SkipBack, SkipForward } from "lucide-react";
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
      <span className="shrink-0 text-sm whitespace-nowrap text-muted">
        {isReplay ? `${sayDuration(t)} of ` : "took "}
        {sayDuration(to - from)}
      </span>
      <span className="grow" />
      <span className="timeline-legend" aria-hidden="true">
        <i data-critical="true" /> critical path <i data-wait="true" /> waits
      </span>
      <button
        type="button"
        className="icon-button"
        aria-label="Fold long waits"
        aria-pressed={folded}
        title="Fold long waits, so that they leave room for the rest"
        onClick={() => onFolded(!folded)}
      >
        <FoldHorizontal size={14} aria-hidden="true" />
      </button>
    </>
  );
}

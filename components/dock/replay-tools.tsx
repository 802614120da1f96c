"use client";

import { FoldHorizontal, Pause, Play, SkipBack, SkipForward } from "lucide-react";
import { IconButton } from "../parts/tool-button";
import { useNow } from "../state/clock";
import { sayDuration } from "../state/duration";
import { useLook } from "../state/look";
import { useLiveStatus } from "../state/queries";
import { spanOf } from "../state/replay";
import type { ReplayDocument } from "../state/wire";
import { moveMoment } from "./moments";
import { play } from "./playing";

const speeds = [1, 4, 16, 64];

/** How long a run took; of one that has not ended, for how long it has been open; `t` is the moment that is looked at. In ms. */
export function saySpan(spanMs: number, t: number | null, isOpen: boolean): string {
  if (t !== null) return `${sayDuration(t)} of ${sayDuration(spanMs)}`;
  return `${isOpen ? "open for" : "took"} ${sayDuration(spanMs)}`;
}

/** What moves the moment that is looked at. */
export function ReplayTools(props: {
  doc: ReplayDocument;
  folded: boolean;
  onFolded: (folded: boolean) => void;
}) {
  const { doc, folded, onFolded } = props;
  const { run, t, isPlaying, speed } = useLook();
  const { from, to } = spanOf(doc);
  const isOpen = useLiveStatus((status) => status.run === doc.run && status.open) ?? false;
  const now = useNow(isOpen);
  const spanMs = isOpen ? Math.max(now, to) - from : to - from;
  return (
    <>
      <IconButton
        label="The moment before"
        icon={SkipBack}
        size={14}
        tip="The moment before (,)"
        onPress={() => moveMoment(doc, -1)}
      />
      <IconButton
        label={isPlaying ? "Pause" : "Play the run"}
        tip={isPlaying ? "Pause" : "Play the run on the graph"}
        icon={isPlaying ? Pause : Play}
        size={14}
        onPress={() => (isPlaying ? useLook.setState({ isPlaying: false }) : play(doc))}
      />
      <IconButton
        label="The moment after"
        icon={SkipForward}
        size={14}
        tip="The moment after (.)"
        onPress={() => moveMoment(doc, 1)}
      />
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
        {saySpan(spanMs, run === null ? null : t, isOpen)}
      </span>
      <span className="grow" />
      <span className="timeline-legend" aria-hidden="true">
        <i data-critical="true" /> critical path <i data-wait="true" /> waits
      </span>
      <IconButton
        label="Fold long waits"
        icon={FoldHorizontal}
        size={14}
        tip="Fold long waits, so that they leave room for the rest"
        pressed={folded}
        onPress={() => onFolded(!folded)}
      />
    </>
  );
}

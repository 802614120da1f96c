"use client";

import { useEffect } from "react";
import { lookAt, useLook } from "../state/look";
import { spanOf } from "../state/replay";
import type { ReplayDocument } from "../state/wire";

/** Lets the time that is looked at go on for as long as somebody plays it. */
export function usePlaying(doc: ReplayDocument | undefined): void {
  const isPlaying = useLook((look) => look.isPlaying);
  useEffect(() => {
    if (!isPlaying || !doc) return;
    const { from, to } = spanOf(doc);
    let last: number | undefined;
    let frame = requestAnimationFrame(function tick(time) {
      const { t, speed } = useLook.getState();
      const next = (t ?? 0) + (last === undefined ? 0 : (time - last) * speed);
      last = time;
      lookAt(doc.run, Math.min(next, to - from));
      if (next >= to - from) useLook.setState({ isPlaying: false });
      else frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, doc]);
}

/** Begins to play a run, from its beginning if its end is looked at. */
export function play(doc: ReplayDocument): void {
  const { run, t } = useLook.getState();
  const { from, to } = spanOf(doc);
  const isEnd = run === null || t === null || t >= to - from;
  lookAt(doc.run, isEnd ? 0 : t);
  useLook.setState({ isPlaying: true });
}

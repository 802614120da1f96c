"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { countOf } from "../../lib/core/count";
import { timelineOf } from "../../lib/core/views/timeline";
import { Said } from "../parts/said";
import { Lines } from "../parts/skeleton";
import { useNow } from "../state/clock";
import { sayDuration } from "../state/duration";
import { lookAt, useLook } from "../state/look";
import { useLiveStatus, useStatus } from "../state/queries";
import { useReplay } from "../state/replay";
import { useView } from "../state/view";
import type { ReplayDocument } from "../state/wire";
import { Lane } from "./lane";
import { moveMoment } from "./moments";
import { Nothing } from "./nothing";
import { usePlaying } from "./playing";
import { ReplayTools } from "./replay-tools";
import { ticksOf, timeScale } from "./time-scale";

const rowPx = 24;
const mostTicks = 8;
/** Beyond this share of the axis a mark has no room for its words at its right. */
const lastWithRoom = 0.94;

/** When what happened in the run that is looked at, and the way to any moment of it. */
export function TimelinePage({ tools }: { tools: HTMLElement | null }) {
  const shown = useStatus((status) => status.run);
  const wanted = useLook((look) => look.run);
  const run = wanted ?? shown ?? null;
  const { data, error } = useReplay(run);
  // What can't be answered is not on its way.
  const refusal = useView((view) => view.refusal?.message);
  usePlaying(data);
  const [folded, setFolded] = useState(false);
  if (shown === null && run === null)
    return <Nothing>Nothing has run yet. Once something runs, its times appear here.</Nothing>;
  if (error) return <Nothing>{error.message}</Nothing>;
  if (!data && refusal)
    return (
      <Nothing>
        <Said text={refusal} />
      </Nothing>
    );
  if (!data)
    return (
      <div className="p-3.5">
        <Lines widths={["45%", "70%", "60%"]} />
      </div>
    );
  return (
    <>
      {tools && createPortal(<ReplayTools doc={data} folded={folded} onFolded={setFolded} />, tools)}
      <Lanes doc={data} folded={folded} />
    </>
  );
}

function Lanes({ doc, folded }: { doc: ReplayDocument; folded: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const timeline = useMemo(() => timelineOf(doc), [doc]);
  const isLive = useLiveStatus((status) => status.run === doc.run && status.engine.running) ?? false;
  const now = useNow(isLive);
  const to = isLive ? Math.max(now, timeline.to) : timeline.to;
  const scale = useMemo(() => timeScale(timeline.moments, to, folded), [timeline, to, folded]);
  const isLooking = useLook((look) => look.run !== null);
  const t = useLook((look) => look.t);
  const at = isLooking && t !== null ? Math.min(timeline.from + t, to) : to;
  const rows = useVirtualizer({
    count: timeline.lanes.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    overscan: 10,
  });
  const { room, roomPx } = useRoom();
  const ticks = ticksOf(to - timeline.from, mostTicks);
  return (
    <div ref={box} className="timeline">
      <div className="timeline-axis">
        <span className="timeline-name text-faint">{countOf(timeline.lanes.length, "lane")}</span>
        <div ref={room} className="timeline-room">
          {ticks.map((tick) => (
            <span
              key={tick}
              className="timeline-tick"
              data-end={scale.at(timeline.from + tick) > lastWithRoom}
              style={{ left: share(scale.at(timeline.from + tick)) }}
            >
              {sayDuration(tick)}
            </span>
          ))}
          <input
            type="range"
            className="timeline-scrub"
            aria-label="Moment of the run"
            aria-valuetext={`${sayDuration(at - timeline.from)} after it was opened`}
            min={0}
            max={1}
            step="any"
            value={scale.at(at)}
            onChange={({ target }) => {
              useLook.setState({ isPlaying: false });
              lookAt(doc.run, Math.round(scale.timeAt(Number(target.value)) - timeline.from));
            }}
            onKeyDown={(event) => {
              const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
              if (by === undefined) return;
              event.preventDefault();
              moveMoment(doc, by as 1 | -1);
            }}
          />
        </div>
      </div>
      <ol aria-label="Lanes" className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const lane = timeline.lanes[index];
          return lane && <Lane key={lane.id} lane={lane} top={start} scale={scale} to={to} roomPx={roomPx} />;
        })}
      </ol>
      <div className="timeline-cursor-room" aria-hidden="true">
        <div
          className="timeline-cursor"
          data-replay={isLooking && t !== null}
          style={{ left: share(scale.at(at)) }}
        />
      </div>
    </div>
  );
}

/** How wide the picture is, in px. */
function useRoom() {
  const room = useRef<HTMLDivElement>(null);
  const [roomPx, setRoomPx] = useState(0);
  useEffect(() => {
    if (!room.current) return;
    const watch = new ResizeObserver(([seen]) => setRoomPx(seen?.contentRect.width ?? 0));
    watch.observe(room.current);
    return () => watch.disconnect();
  }, []);
  return { room, roomPx };
}

const share = (part: number) => `${part * 100}%`;

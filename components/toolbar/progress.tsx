"use client";

import { Glyph } from "../parts/glyph";
import { useStatus } from "../state/queries";
import { standing, type Tone } from "../state/vocabulary";
import type { StatusDocument } from "../state/wire";

/** In the order of the bar: what is over, what is under way. What has not begun is the bar's ground. */
const barTones: Tone[] = [
  "done",
  "skipped",
  "failed",
  "canceled",
  "running",
  "stopping",
  "retrying",
  "unknown",
  "human",
];
const chips: [Tone, (n: number, turnedDown: number) => string][] = [
  ["running", () => "running"],
  ["failed", () => "failed"],
  ["human", (n) => (n === 1 ? "waits for you" : "wait for you")],
  // What a person holds back asks nobody, and would be forgotten.
  ["rejected", sayHeldBack],
];

/** Gates in the way: some blocked ahead of time or for good, some with a reason for those who do the work. */
export function sayHeldBack(all: number, turnedDown: number): string {
  const word = turnedDown === 0 ? "blocked" : turnedDown === all ? "rejected" : "blocked or rejected";
  return `${all === 1 ? "gate" : "gates"} ${word}`;
}

/** How many nodes stand in each tone, how many steps there are, and how many of the gates in the way were rejected. */
export function tally(status: StatusDocument) {
  const tones: Partial<Record<Tone, number>> = {};
  for (const node of [...status.steps, ...status.gates]) {
    const { tone } = standing(node);
    // In a run that was given up a gate holds nothing back any more.
    if (tone === "rejected" && status.canceled) continue;
    tones[tone] = (tones[tone] ?? 0) + 1;
  }
  const rejected = status.canceled ? 0 : status.gates.filter(({ reason }) => reason === "rejected").length;
  return { tones, total: status.steps.length, queued: tones.queued ?? 0, rejected };
}

/** How far the run is: what needs attention, how many steps are done, and a bar of it all. */
export function Progress() {
  const counts = useStatus(tally);
  if (!counts || counts.total === 0) return null;
  const { tones, total, rejected } = counts;
  const done = tones.done ?? 0;
  const room = { minWidth: `${String(total).length}ch` };
  return (
    <div className="progress">
      {chips.map(([tone, words]) => {
        const count = tones[tone] ?? 0;
        const said = words(count, rejected);
        const text = `${count} ${said}`;
        return (
          count > 0 && (
            <span key={tone} data-tone={tone} title={text} className="tone-ink progress-chip">
              <Glyph tone={tone} />
              <span>
                <span className="progress-count" style={room}>
                  {count}
                </span>
                <span className="roomy"> {said}</span>
              </span>
            </span>
          )
        );
      })}
      <span className="text-muted">
        <b className="progress-count font-semibold text-ink" style={room}>
          {done}
        </b>{" "}
        of {total}
        <span className="roomy"> done</span>
      </span>
      <div className="flex h-1.5 w-24 overflow-hidden rounded-full bg-hover" aria-hidden="true" data-wide>
        {barTones.map((tone) => {
          const count = tone === "human" ? 0 : (tones[tone] ?? 0);
          return (
            count > 0 && (
              <span
                key={tone}
                data-tone={tone}
                className="tone-fill"
                style={{ width: `${(100 * count) / total}%` }}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

import type { GateDecision } from "../../lib/core/engine/gate-decision";
import type { Lane as LaneDoc, Span } from "../../lib/core/views/timeline";
import { sayDuration } from "../state/duration";
import { sayMoment } from "../state/moment";
import { select, useView } from "../state/view";
import { standingIn } from "../state/vocabulary";
import { placeOfLabel } from "./bar-label";
import type { TimeScale } from "./time-scale";
import { drawnOf, type Stretch, stretchesOf } from "./work-spans";

interface Props {
  lane: LaneDoc;
  /** In px. */
  top: number;
  scale: TimeScale;
  /** The end of the picture, in ms since the epoch. */
  to: number;
  /** How wide the picture is, in px. */
  roomPx: number;
}

/** Half of a mark reaches over the moment that it stands for. */
const markPx = 6;
const atWork = new Set(["RUNNING", "STOPPING"]);
/** Stretches in which nothing is waited for: nobody has asked, or it is over. */
const quiet = new Set(["DONE", "FAILED", "SKIPPED", "CANCELED", "READY", "APPROVED"]);
const marks: Record<string, { status: string; reason: string; word: string }> = {
  approved: { status: "APPROVED", reason: "approved", word: "Approved" },
  blocked: { status: "BLOCKED", reason: "blocked", word: "Blocked" },
  rejected: { status: "BLOCKED", reason: "rejected", word: "Rejected" },
};

/** One step or gate through a run: its waits hatched, its attempts as bars, its end as a mark. */
export function Lane({ lane, top, scale, to, roomPx }: Props) {
  const isSelected = useView((view) => view.selected === lane.id);
  const spans = drawnOf(
    stretchesOf(lane.spans).filter((span) => isShown(lane, span)),
    (span) => roomPx * (scale.at(span.to ?? to) - scale.at(span.from)),
  );
  const ends = lane.spans.filter((span) => isEnd(lane, span));
  const begins = [...[...spans, ...ends].map(({ from }) => from), ...lane.decisions.map(({ at }) => at)];
  /** How much is free behind a moment, in px. */
  const freeFrom = (end: number) =>
    roomPx * (Math.min(1, ...begins.filter((from) => from >= end).map(scale.at)) - scale.at(end)) - markPx;
  return (
    <li className="lane" data-selected={isSelected} data-critical={lane.critical} style={{ top }}>
      <button type="button" className="timeline-name" title={nameOf(lane)} onClick={() => select(lane.id)}>
        {lane.kind === "gate" && <span aria-hidden="true">◇ </span>}
        {lane.name}
        {lane.critical && <span className="sr-only">, on the critical path</span>}
      </button>
      <div className="timeline-room">
        {spans.map((span) => (
          <Bar
            key={span.from}
            lane={lane}
            span={span}
            scale={scale}
            to={to}
            roomPx={roomPx}
            freePx={freeFrom(span.to ?? to)}
          />
        ))}
        {ends.map((span) => (
          <EndMark key={span.from} span={span} scale={scale} />
        ))}
        {lane.decisions.map((one) => (
          <DecisionMark key={`${one.at} ${one.decision}`} one={one} scale={scale} />
        ))}
      </div>
    </li>
  );
}

const nameOf = ({ name, critical }: LaneDoc) =>
  critical ? `${name}: on the critical path, the chain that the time of the run went into` : name;

function isShown(lane: LaneDoc, span: Span): boolean {
  if (lane.kind === "gate") return span.status === "PENDING" && span.reason !== "run_canceled";
  return !quiet.has(span.status);
}

function isEnd(lane: LaneDoc, span: Span): boolean {
  if (lane.kind === "gate") return false;
  return (
    span.status === "SKIPPED" ||
    span.status === "CANCELED" ||
    (span.status === "FAILED" && span.attempt === 0)
  );
}

interface BarProps extends Omit<Props, "top"> {
  span: Stretch;
  /** How much is free behind it, in px. */
  freePx: number;
}

function Bar({ lane, span, scale, to, roomPx, freePx }: BarProps) {
  const end = span.to ?? to;
  const [left, right] = [scale.at(span.from), scale.at(end)];
  const isWork = lane.kind === "step" && atWork.has(span.status);
  const { status, reason } = (isWork ? span.outcome : undefined) ?? span;
  const { tone, word } = standingIn(lane.kind, status, reason);
  const took = sayDuration(end - span.from);
  const what = isWork ? `${word}, attempt ${span.attempt}` : span.why;
  const stopping =
    span.stoppingFrom === undefined
      ? ""
      : `, the last ${sayDuration(end - span.stoppingFrom)} of it being stopped`;
  const text = isWork ? took : span.why;
  const place = placeOfLabel({ text, canBeCut: !isWork, barPx: (right - left) * roomPx, freePx });
  return (
    <>
      <span
        className="lane-bar"
        data-tone={tone}
        data-wait={!isWork}
        data-open={span.to === undefined}
        title={`${what} · ${took}${stopping}`}
        style={{ left: `${left * 100}%`, width: `${(right - left) * 100}%` }}
      >
        <span className={place === "within" ? undefined : "sr-only"}>{text}</span>
      </span>
      {place === "behind" && (
        <span className="lane-behind" aria-hidden="true" style={{ left: `${right * 100}%` }}>
          {text}
        </span>
      )}
    </>
  );
}

function EndMark({ span, scale }: { span: Span; scale: TimeScale }) {
  const { tone, word } = standingIn("step", span.status, span.reason);
  return <Mark tone={tone} kind="step" word={word} told={span.why} at={span.from} scale={scale} />;
}

function DecisionMark({ one, scale }: { one: GateDecision; scale: TimeScale }) {
  const { decision, by, at, reason, back } = one;
  const mark = marks[decision];
  // That an approval became void, or a gate was opened again, is told by the wait that follows.
  if (!mark) return null;
  const { tone } = standingIn("gate", mark.status, mark.reason);
  const to = back === undefined ? "" : `, the work went back to ${back}`;
  const told = `by ${by ?? "nobody"}, ${sayMoment(at)}${to}${reason === undefined ? "" : `: ${reason}`}`;
  return <Mark tone={tone} kind="gate" word={mark.word} told={told} at={at} scale={scale} />;
}

function Mark(props: {
  tone: string;
  kind: LaneDoc["kind"];
  word: string;
  told: string;
  /** In ms since the epoch. */
  at: number;
  scale: TimeScale;
}) {
  const { tone, kind, word, told, at, scale } = props;
  return (
    <span
      className="lane-mark"
      data-tone={tone}
      data-kind={kind}
      title={`${word}${kind === "gate" ? " " : ": "}${told}`}
      style={{ left: `${scale.at(at) * 100}%` }}
    >
      <span className="sr-only">
        {word}
        {kind === "gate" && ` ${told}`}
      </span>
    </span>
  );
}

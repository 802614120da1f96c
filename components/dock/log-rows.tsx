"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { goToLine, useDock } from "../state/dock";
import { type LogOf, useLines } from "../state/log";
import { type Found, type Match, matchesOn } from "../state/log-found";
import { type LogIndex, lineCount } from "../state/log-index";
import { type Piece, readLines } from "./ansi";
import { LogNumbers, LogRow } from "./log-row";
import type { Reading } from "./match-walk";

const rowPx = 17;
const edgePx = 6;
/** The notice above a window that is not the log's first. */
const noticePx = 28;
/**
 * Lines of one height are laid out in strips of so many: to place each of a million by itself holds the page up. A strip's
 * place is an even number of px, as browsers draw with 24 bits of precision: odd ones beyond 16.7 million are none.
 */
const stripLines = 16;
/** Browsers draw nothing higher than some 17 million px, so of a longer log only so many lines are laid out at a time. */
const windowLines = 1_000_000;
const windowStep = 100_000;
/** How near to its end a log still counts as being at its end, in px. */
const nearPx = 24;

interface Rows {
  log: LogOf;
  index: LogIndex;
  grows: boolean;
  found: Found;
  /** The match that is looked at. */
  current: Match | null;
  /** Takes where one reads. */
  reading: RefObject<Reading | null>;
  /** A line's number was pressed. */
  onLine: (line: number) => void;
}

type Align = "start" | "center" | "end";

/** The keys that lead to an end of the log; the arrows only with Command. */
const ends: Record<string, "first" | "last" | undefined> = {
  Home: "first",
  ArrowUp: "first",
  End: "last",
  ArrowDown: "last",
};

/** The lines of a log, of which only those that can be seen are in the page; it keeps to the end until one scrolls up. */
export function LogRows({ log, index, grows, found, current, reading, onLine }: Rows) {
  const box = useRef<HTMLDivElement>(null);
  const wrap = useDock((dock) => dock.wrap);
  const line = useDock((dock) => dock.line);
  const count = lineCount(index);
  const [following, setFollowing] = useState(line === null);
  const [leftAt, setLeftAt] = useState(count);
  const [base, setBase] = useState(0);
  const shown = Math.min(windowLines, count - base);
  // Wrapped lines differ in height, so each is a strip of its own.
  const strip = wrap ? 1 : stripLines;
  const strips = Math.ceil(shown / strip);
  const marginPx = base > 0 ? noticePx : 0;
  const rows = useVirtualizer({
    count: strips,
    getScrollElement: () => box.current,
    estimateSize: () => strip * rowPx,
    overscan: wrap ? 24 : 2,
    // Drawn where it is looked at first, not at its beginning and then at its end.
    initialOffset: () => (following ? shown * rowPx : 0),
    scrollMargin: marginPx,
    paddingStart: edgePx,
    // What the last strip lacks in lines is no room below them.
    paddingEnd: edgePx - (strips * strip - shown) * rowPx,
  });
  const laidOut = useRef(wrap);
  // Heights that were measured hold only for the way lines are laid out; to forget them counts all rows anew.
  useLayoutEffect(() => {
    if (laidOut.current !== wrap) rows.measure();
    laidOut.current = wrap;
  }, [wrap, rows]);
  const [awaited, setAwaited] = useState<{ target: number; align: Align } | null>(null);
  const reveal = (target: number, align: Align) => {
    const row = target - base;
    if (row < 0 || row >= windowLines) {
      setBase(baseFor(target, count));
      setAwaited({ target, align });
    } else if (target === 0) rows.scrollToOffset(0);
    else if (wrap || align === "end") rows.scrollToIndex(Math.floor(row / strip), { align });
    else rows.scrollToOffset(marginPx + edgePx + (row + 0.5) * rowPx, { align });
  };
  const revealing = useRef(reveal);
  revealing.current = reveal;
  // It can be scrolled to once it is laid out.
  useLayoutEffect(() => {
    if (awaited === null) return;
    setAwaited(null);
    revealing.current(awaited.target, awaited.align);
  }, [awaited]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: lines that are wrapped end elsewhere
  useLayoutEffect(() => {
    if (following && count > 0) revealing.current(count - 1, "end");
  }, [following, count, wrap]);
  /** The line, from 0, whose beginning or end is nearest to so many px below the upper edge of what is seen. */
  const lineAt = (px: number) => {
    const offset = (box.current?.scrollTop ?? 0) + px;
    const row = wrap
      ? (rows.getVirtualItemForOffset(offset)?.index ?? 0)
      : Math.floor((offset - marginPx - edgePx) / rowPx);
    return base + Math.max(0, Math.min(shown - 1, row));
  };
  const firstSeen = () => lineAt(rowPx / 2);
  const isSeen = (line: number) =>
    firstSeen() <= line && line <= lineAt((box.current?.clientHeight ?? 0) - rowPx / 2);
  const linked = line === null ? null : line - 1;
  const isLinkThere = linked !== null && linked < count;
  useEffect(() => {
    if (!isLinkThere || linked === null) return;
    setFollowing(false);
    revealing.current(linked, "center");
  }, [linked, isLinkThere]);
  // The line of the match that was led to, and whether it was seen since.
  const led = useRef({ line: -1, isSeen: false, isLeft: true, isShown: true });
  // A match may stand far along its line, and its line may still be on its way.
  const showMark = () => {
    const mark = led.current.isShown ? null : box.current?.querySelector("mark[data-current=true]");
    if (!mark) return;
    led.current.isShown = true;
    mark.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  useLayoutEffect(showMark);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is led to once
  useEffect(() => {
    if (current === null) return;
    setFollowing(false);
    revealing.current(current.line, "center");
    led.current = { line: current.line, isSeen: isSeen(current.line), isLeft: false, isShown: false };
    showMark();
  }, [current]);
  useImperativeHandle(reading, () => ({ first: firstSeen, hasStrayed: () => led.current.isLeft }));

  const items = rows.getVirtualItems();
  const first = base + (items[0]?.index ?? 0) * strip;
  const last = Math.min(count, base + ((items.at(-1)?.index ?? -1) + 1) * strip) - 1;
  const textOf = useLines<Piece[]>(log, index, first, last, grows, readLines);
  const rangesOn = useMemo(() => marksOf(found, current), [found, current]);
  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - nearPx;
    const isLast = base + shown >= count;
    if (following && !(atEnd && isLast)) setLeftAt(count);
    setFollowing(atEnd && isLast);
    const to = led.current;
    if (isSeen(to.line)) [to.isSeen, to.isLeft] = [true, false];
    else if (to.isSeen) to.isLeft = true;
  };
  const toEnd = () => {
    goToLine(null);
    setFollowing(true);
  };
  /** Home and End lead to the ends of the log, not of what of it is laid out. */
  const onKeyDown = (event: KeyboardEvent) => {
    const end = event.shiftKey || event.altKey ? undefined : ends[event.key];
    if (end === undefined || (event.key.startsWith("Arrow") && !event.metaKey)) return;
    event.preventDefault();
    if (end === "last") return toEnd();
    if (following) setLeftAt(count);
    setFollowing(false);
    reveal(0, "start");
  };
  const digits = String(count).length;
  return (
    <>
      <div
        ref={box}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-label="Output"
        aria-live="off"
        data-wrap={wrap}
        className="log-rows"
        style={{ "--digits": `${digits}ch` } as React.CSSProperties}
      >
        {base > 0 && <WindowButton words="Earlier lines" onClick={() => reveal(base - 1, "end")} />}
        <div style={{ height: rows.getTotalSize(), position: "relative" }}>
          {items.map(({ index: at, start }) => {
            const [from, lines] = [base + at * strip, Math.min(strip, shown - at * strip)];
            return (
              <div
                key={at}
                ref={wrap ? rows.measureElement : undefined}
                data-index={at}
                className="log-strip"
                style={{ transform: `translateY(${start - marginPx}px)` }}
              >
                <LogNumbers from={from + 1} count={lines} onNumber={onLine} />
                <div className="log-lines">
                  {Array.from({ length: lines }, (_, below) => from + below).map((number) => (
                    <LogRow
                      key={number}
                      number={number + 1}
                      pieces={textOf(number)}
                      ranges={rangesOn(number)}
                      isTarget={line === number + 1}
                    />
                  ))}
                </div>
              </div>
            );
          })}
        </div>
        {base + shown < count && (
          <WindowButton words="Later lines" onClick={() => reveal(base + shown, "center")} />
        )}
      </div>
      <span className="log-ring" />
      {!following && (
        <button
          type="button"
          className="button absolute right-4 bottom-3 text-sm shadow-(--shadow)"
          onClick={toEnd}
        >
          To the end{grows && count > leftAt ? `, ${count - leftAt} new` : ""}
        </button>
      )}
    </>
  );
}

/** Where a window of a log begins that has a line in its middle, or is the first or the last one. */
function baseFor(line: number, count: number): number {
  const whole = (lines: number) => Math.max(0, Math.ceil(lines / windowStep) * windowStep);
  return Math.min(whole(line + 1 - windowLines / 2), whole(count - windowLines));
}

function WindowButton({ words, onClick }: { words: string; onClick: () => void }) {
  return (
    <p className="log-notice" style={{ height: noticePx }}>
      A million lines are laid out at a time.{" "}
      <button type="button" className="link" onClick={onClick}>
        {words}
      </button>
    </p>
  );
}

type Ranges = { column: number; length: number; isCurrent: boolean }[];

/** What is marked on a line: only that of lines that are seen is ever asked for, and it stays the same. */
function marksOf(found: Found, current: Match | null): (line: number) => Ranges | undefined {
  const byLine = new Map<number, Ranges | undefined>();
  return (line) => {
    if (!byLine.has(line)) {
      const ranges = matchesOn(found, line).map(({ column, length }) => ({
        column,
        length,
        isCurrent: current?.line === line && current.column === column,
      }));
      byLine.set(line, ranges.length > 0 ? ranges : undefined);
    }
    return byLine.get(line);
  };
}

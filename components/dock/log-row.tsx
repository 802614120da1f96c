import { memo, useMemo } from "react";
import { saySize } from "../state/duration";
import { markMatches, type Piece } from "./ansi";
import { TerminalText } from "./terminal-text";

/** What of a line is drawn, in characters; a line of megabytes would hold the whole page up. */
const longest = 10_000;

interface Row {
  index: number;
  /** Takes the row's true height; undefined where all rows are of one. */
  measure: ((element: HTMLElement | null) => void) | undefined;
  /** In px from the top of the log. */
  top: number;
  /** From 1. */
  number: number;
  /** Undefined while it is on its way. */
  pieces: Piece[] | undefined;
  ranges: { column: number; length: number; isCurrent: boolean }[] | undefined;
  isTarget: boolean;
  onNumber: (line: number) => void;
}

/** One line of a log with its number. */
export const LogRow = memo(function LogRow(row: Row) {
  const { pieces, ranges } = row;
  const { shown, more } = useMemo(() => cut(pieces ?? []), [pieces]);
  const marked = useMemo(() => markMatches(shown, ranges ?? []), [shown, ranges]);
  return (
    <div
      ref={row.measure}
      data-index={row.index}
      data-target={row.isTarget}
      className="log-row"
      style={{ transform: `translateY(${row.top}px)` }}
    >
      <button
        type="button"
        tabIndex={-1}
        className="log-number"
        data-line={row.number}
        aria-label={`Link to line ${row.number}`}
        title={`Link to line ${row.number}`}
        onClick={() => row.onNumber(row.number)}
      />
      <span className="log-text">
        <TerminalText pieces={marked} />
        {more > 0 && <em> … {saySize(more)} more; download the log to see them</em>}
        {"\n"}
      </span>
    </div>
  );
});

function cut(pieces: Piece[]): { shown: Piece[]; more: number } {
  const shown: Piece[] = [];
  let room = longest;
  let more = 0;
  for (const piece of pieces) {
    if (piece.text.length > room) more += piece.text.length - room;
    if (room > 0)
      shown.push(piece.text.length > room ? { ...piece, text: piece.text.slice(0, room) } : piece);
    room = Math.max(0, room - piece.text.length);
  }
  return { shown, more };
}

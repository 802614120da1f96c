import { memo, useMemo } from "react";
import { saySize } from "../state/duration";
import { markMatches, type Piece } from "./ansi";
import { TerminalText } from "./terminal-text";

/** What of a line is drawn, in characters; a line of megabytes would hold the whole page up. */
const longest = 10_000;

interface Row {
  /** From 1. */
  number: number;
  /** Undefined while it is on its way. */
  pieces: Piece[] | undefined;
  ranges: { column: number; length: number; isCurrent: boolean }[] | undefined;
  isTarget: boolean;
}

/** One line of a log. */
export const LogRow = memo(function LogRow({ number, pieces, ranges, isTarget }: Row) {
  const { shown, more } = useMemo(() => cut(pieces ?? []), [pieces]);
  const marked = useMemo(() => markMatches(shown, ranges ?? []), [shown, ranges]);
  return (
    <div data-target={isTarget} data-line={number} className="log-row">
      <TerminalText pieces={marked} />
      {more > 0 && <em> … {saySize(more)} more; download the log to see them</em>}
      {"\n"}
    </div>
  );
});

/** The numbers of some lines, from one on; they stay where they are while lines are scrolled sideways. */
export const LogNumbers = memo(function LogNumbers(props: {
  from: number;
  count: number;
  onNumber: (line: number) => void;
}) {
  const { from, count, onNumber } = props;
  return (
    <div className="log-numbers">
      {Array.from({ length: count }, (_, at) => from + at).map((number) => (
        <button
          key={number}
          type="button"
          tabIndex={-1}
          className="log-number"
          data-number={number}
          aria-label={`Link to line ${number}`}
          title={`Link to line ${number}`}
          onClick={() => onNumber(number)}
        />
      ))}
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

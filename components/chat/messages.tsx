"use client";

import { useMemo, useRef } from "react";
import { Glyph } from "../parts/glyph";
import { Lines } from "../parts/skeleton";
import { useHistory } from "../state/history";
import { useFollowing } from "./following";
import { useTalk } from "./state";
import { Suggestions } from "./suggestions";
import { Question, TurnView } from "./turn";
import { isOpen, turnsOf } from "./turns";

/** What was said. It keeps to the newest while an answer comes, until one scrolls away to read. */
export function Messages() {
  const { records, sent, phase, problem } = useTalk((state) => state);
  const turns = useMemo(() => turnsOf(records), [records]);
  const box = useRef<HTMLDivElement>(null);
  const { following, setFollowing, onScroll, content } = useFollowing(box, turns, sent);
  const history = useHistory();
  const turnOf = (proposal: string | null | undefined) =>
    proposal ? turns.find(({ offer }) => offer?.proposal === proposal)?.n : undefined;
  const undoable = turnOf(history?.undo?.proposal);
  const undone = turnOf(history?.redo?.proposal);
  const last = turns.at(-1);
  const answering = phase === "answering" || phase === "reconnecting";
  const newestOffer = turns.findLast(({ offer }) => offer?.proposal)?.n;
  return (
    <div className="chat-messages">
      <div
        ref={box}
        onScroll={onScroll}
        role="log"
        aria-label="Conversation"
        aria-live="polite"
        // Read out once an answer stands, not word by word.
        aria-busy={answering}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
        tabIndex={0}
        className="chat-log"
      >
        <div ref={content} className="chat-content">
          {phase === "loading" && <Lines widths={["60%", "90%", "75%"]} />}
          {phase === "idle" && turns.length === 0 && sent === null && <Suggestions />}
          {turns.map((turn) => (
            <TurnView
              key={turn.n}
              turn={turn}
              coming={answering && turn === last && isOpen(turn)}
              newest={turn.n === newestOffer}
              standing={turn.n === undoable ? "last" : turn.n === undone ? "undone" : undefined}
            />
          ))}
          {sent !== null && <Question text={sent} />}
          {problem && (
            <div role="alert" data-tone="failed" className="tone-callout chat-trouble">
              <span className="pt-[3px]">
                <Glyph tone="failed" />
              </span>
              <div className="min-w-0">
                <p className="font-medium first-letter:uppercase">{problem.message}</p>
                {problem.hint && <p className="text-muted first-letter:uppercase">{problem.hint}</p>}
              </div>
            </div>
          )}
          <p role="status" className="chat-phase">
            {sent !== null && "Sending…"}
            {phase === "answering" && sent === null && (last?.words ? "Answering…" : "Thinking…")}
            {phase === "reconnecting" && "The line broke; coming back to the answer…"}
          </p>
        </div>
      </div>
      {following === "no" && (
        <div className="chat-end">
          <button type="button" className="button" onClick={() => setFollowing("end")}>
            To the end
          </button>
        </div>
      )}
    </div>
  );
}

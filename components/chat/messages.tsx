"use client";

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Glyph } from "../parts/glyph";
import { Lines } from "../parts/skeleton";
import { useTalk } from "./state";
import { Suggestions } from "./suggestions";
import { Question, TurnView } from "./turn";
import { isOpen, turnsOf } from "./turns";

/** How near to its end a conversation still counts as being at its end. */
const nearPx = 32;

/** What was said. It keeps to the end while an answer comes, until one scrolls up to read. */
export function Messages() {
  const { records, sent, phase, problem } = useTalk((state) => state);
  const turns = useMemo(() => turnsOf(records), [records]);
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const content = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new text is what makes the end move
  useLayoutEffect(() => {
    if (following) toEnd(box.current);
  }, [turns, sent, following]);
  useEffect(() => {
    if (!following || !box.current || !content.current) return;
    // What is already there grows, too: a card that is tried anew, a window that is made smaller.
    const observer = new ResizeObserver(() => toEnd(box.current));
    observer.observe(box.current);
    observer.observe(content.current);
    return () => observer.disconnect();
  }, [following]);
  useEffect(() => {
    if (sent !== null) setFollowing(true);
  }, [sent]);
  const onScroll = () => {
    const element = box.current;
    if (element) setFollowing(element.scrollTop + element.clientHeight >= element.scrollHeight - nearPx);
  };
  const last = turns.at(-1);
  const answering = phase === "answering" || phase === "reconnecting";
  const newestOffer = turns.findLast(({ offer }) => offer?.proposal)?.n;
  return (
    <div className="relative min-h-0 grow">
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
      {!following && (
        <button type="button" className="button chat-end" onClick={() => setFollowing(true)}>
          To the end
        </button>
      )}
    </div>
  );
}

function toEnd(element: HTMLElement | null): void {
  if (element) element.scrollTop = element.scrollHeight;
}

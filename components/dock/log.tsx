"use client";

import { useLayoutEffect, useRef, useState } from "react";
import { saySize } from "../state/duration";
import type { LogTail } from "../state/log-tail";
import { TerminalText } from "./terminal-text";

/** How near to its end a log still counts as being at its end. */
const nearPx = 24;

/** The tail of a log; it keeps to the end as lines arrive, until one scrolls up to read. */
export function Log({ tail }: { tail: LogTail }) {
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new text is what makes the end move
  useLayoutEffect(() => {
    const element = box.current;
    if (element && following) element.scrollTop = element.scrollHeight;
  }, [tail.text, following]);
  const onScroll = () => {
    const element = box.current;
    if (element) setFollowing(element.scrollTop + element.clientHeight >= element.scrollHeight - nearPx);
  };
  return (
    <>
      <div
        ref={box}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-label="Output"
        aria-live="off"
        className="h-full overflow-y-auto px-3.5 py-2.5 -outline-offset-2"
      >
        {tail.from > 0 && (
          <p className="mb-1 text-sm text-faint">The first {saySize(tail.from)} are left out.</p>
        )}
        <pre className="font-mono text-sm break-words whitespace-pre-wrap">
          <TerminalText text={tail.text} />
        </pre>
      </div>
      {!following && (
        <button
          type="button"
          className="button absolute right-4 bottom-3 text-sm shadow-(--shadow)"
          onClick={() => setFollowing(true)}
        >
          To the end
        </button>
      )}
    </>
  );
}

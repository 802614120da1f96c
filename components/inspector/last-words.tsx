"use client";

import { readLines } from "../dock/ansi";
import { TerminalText } from "../dock/terminal-text";
import { openLog } from "../state/dock";
import { failedAttempt, useLastWords } from "../state/last-words";
import { useStatus } from "../state/queries";
import type { AttemptOf, StepState } from "../state/wire";

/** What was said last stands at the end. */
const toEnd = (box: HTMLElement | null) => box?.scrollTo(0, box.scrollHeight);

/**
 * The end of what a step said that failed, or that is to be tried again: on standard error, or on standard output where it said
 * nothing there; of a stopped one the other way round.
 */
export function LastWords({ step }: { step: StepState }) {
  const run = useStatus((status) => status.run);
  const of = failedAttempt(run, step);
  return of && <Words key={`${of.run} ${of.attempt}`} of={of} isStopped={step.reason === "stopped"} />;
}

function Words({ of, isStopped }: { of: AttemptOf; isStopped: boolean }) {
  const { data } = useLastWords(of, isStopped);
  if (!data) return null;
  const { stream, text, isAll } = data;
  return (
    <section aria-label="Last words" className="flex min-w-0 flex-col gap-1.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <h3 className="section-title">
          {isAll ? "" : "End of "}
          {stream}
        </h3>
        <button type="button" className="link text-sm" onClick={() => openLog(of, stream)}>
          {isAll ? "Open the log" : "All of it in the log"}
        </button>
      </div>
      <pre ref={toEnd} className="shown-text last-words">
        {readLines(text).map((pieces, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines are the text itself, their place is their identity
          <div key={index}>{pieces.length === 0 ? "\n" : <TerminalText pieces={pieces} />}</div>
        ))}
      </pre>
    </section>
  );
}

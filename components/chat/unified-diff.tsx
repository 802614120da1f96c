"use client";

import { useMemo } from "react";
import { hunksOf, sizeOf } from "./unified";

/** The lines of `sequence.yaml` that come and go, with those around them. */
export function UnifiedDiff({ unified }: { unified: string }) {
  const hunks = useMemo(() => hunksOf(unified), [unified]);
  const { added, removed } = sizeOf(hunks);
  return (
    <>
      <p className="chat-row text-sm text-muted">
        <span className="font-mono">sequence.yaml</span>, {added} added, {removed} removed
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <section className="chat-diff" aria-label="Difference of sequence.yaml" tabIndex={0}>
        {hunks.map(({ key, lines }) => (
          <div key={key} className="chat-hunk">
            {lines.map(({ sign, text, before, after }) => (
              <div key={`${before} ${after}`} data-sign={sign} className="chat-line">
                <span className="chat-number" aria-hidden="true">
                  {after ?? before}
                </span>
                <span className="chat-sign">{sign === "-" ? "−" : sign}</span>
                <span>{text}</span>
              </div>
            ))}
          </div>
        ))}
      </section>
    </>
  );
}

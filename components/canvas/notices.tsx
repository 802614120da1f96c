"use client";

import type { ReactNode } from "react";
import { Glyph } from "../parts/glyph";
import { Said } from "../parts/said";
import { useStatus } from "../state/queries";
import { useView } from "../state/view";

/** What has to be known before the picture is believed: it may be old, or there may be none. */
export function Notices() {
  const connection = useView((view) => view.connection);
  const refusal = useView((view) => view.refusal);
  const known = useStatus(() => true);
  // The inspector tells all of it while nothing is selected.
  const isTold = useView((view) => view.inspectorOpen && view.selected === null);
  if (refusal) {
    return (
      <Notice tone="failed">
        <p className="font-medium break-words">
          {isTold ? (
            "A file can't be read; the inspector tells which, and where."
          ) : (
            <Said text={refusal.message} />
          )}
        </p>
        {refusal.hint && !isTold && (
          <p className="text-muted">
            <Said text={refusal.hint} />
          </p>
        )}
        {known && <p className="text-muted">Until that is mended, you see how things stood before.</p>}
      </Notice>
    );
  }
  if (connection !== "reconnecting") return null;
  return (
    <Notice tone="retrying">
      <p>The line to the server broke. What you see may be old; trying again.</p>
      <p className="text-muted">
        If the server was started anew it may have come up elsewhere: open the link that it printed.
      </p>
    </Notice>
  );
}

function Notice({ tone, children }: { tone: "failed" | "retrying"; children: ReactNode }) {
  return (
    <div
      role="alert"
      data-tone={tone}
      className="tone-callout absolute top-3 left-1/2 z-10 flex w-max max-w-[calc(100%-24px)] -translate-x-1/2 items-start gap-2.5 rounded-lg px-3.5 py-2 shadow-(--shadow)"
    >
      <span className="pt-[3px]">
        <Glyph tone={tone} />
      </span>
      <div className="min-w-0">{children}</div>
    </div>
  );
}

"use client";

import type { ReactNode } from "react";
import { lookAway, usePast } from "../state/look";

/** What is changed here is the present: while the past is looked at it can only be read. */
export function NotInThePast({ children }: { children: ReactNode }) {
  const past = usePast();
  return (
    <>
      {past && (
        <p className="text-muted">
          This is how it stands now, not in the run that you look at.{" "}
          <button type="button" className="link" onClick={() => lookAway()}>
            Back to now
          </button>{" "}
          to change it.
        </p>
      )}
      <fieldset disabled={past} className="contents">
        {children}
      </fieldset>
    </>
  );
}

"use client";

import { useProblems } from "../state/problems";

/** How many problems there are, in the colour of the worst. */
export function ProblemCount() {
  const { data } = useProblems();
  if (!data || data.length === 0) return null;
  const isBad = data.some(({ severity }) => severity === "error");
  return (
    <span data-tone={isBad ? "failed" : "retrying"} className="dock-count tone-ink">
      {data.length}
      <span className="sr-only">{isBad ? " to mend" : " to look at"}</span>
    </span>
  );
}

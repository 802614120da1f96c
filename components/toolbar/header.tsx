"use client";

import { Mark } from "../parts/icons";
import { Bar } from "../parts/skeleton";
import { useStatus } from "../state/queries";
import type { StatusDocument } from "../state/wire";
import { Progress } from "./progress";

const factsOf = ({ name, run, open, mode }: StatusDocument) => ({ name, run, open, mode });

const modes: Record<string, string> = {
  SAFE: "SAFE mode: running and applying proposals ask once, removing things asks twice",
  POWER: "POWER mode: only what can't be undone asks",
};

/** The top line: which sequence, which run, which mode, how far. */
export function Header() {
  const facts = useStatus(factsOf);
  return (
    <header className="col-span-2 flex min-w-0 items-center gap-3 border-b border-line bg-surface px-3">
      <span title="ThreadOS">
        <Mark />
      </span>
      {facts ? (
        <>
          <h1 className="min-w-0 shrink truncate text-base font-semibold" title={facts.name}>
            {facts.name}
          </h1>
          <Run run={facts.run} open={facts.open} />
          <span className="chip" title={modes[facts.mode]} data-mode={facts.mode}>
            {facts.mode}
          </span>
          <span className="grow" />
          <Progress />
        </>
      ) : (
        <Bar width="180px" />
      )}
    </header>
  );
}

function Run({ run, open }: { run: string | null; open: boolean }) {
  if (!run) return <span className="shrink-0 text-sm text-faint">no run yet</span>;
  return (
    <span
      className="flex shrink-0 items-baseline gap-1.5 text-sm text-muted"
      title={`Run ${run}, ${open ? "still open" : "closed"}`}
    >
      run <span className="font-mono">{run.slice(-6)}</span>
      <span className="text-faint">{open ? "open" : "closed"}</span>
    </span>
  );
}

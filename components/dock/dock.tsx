"use client";

import { type ReactNode, useCallback } from "react";
import { ChevronIcon } from "../parts/icons";
import { useLog, useNode, useStatus } from "../state/queries";
import { useView } from "../state/view";
import { isGate, type StatusDocument, type StepState } from "../state/wire";
import { Log } from "./log";
import { logTarget } from "./log-target";

const streams = ["stdout", "stderr"] as const;

/** The panel below the canvas: the log. */
export function Dock() {
  const open = useView((view) => view.dockOpen);
  const stream = useView((view) => view.stream);
  const selected = useView((view) => view.selected);
  const target = useStatus(useCallback((status: StatusDocument) => logTarget(status, selected), [selected]));
  const node = useNode(target ?? "");
  const step = node && !isGate(node) ? node : undefined;
  return (
    <section aria-label="Log" className="flex h-full flex-col bg-surface">
      <div className="flex h-8 shrink-0 items-center gap-3 px-2">
        <button
          type="button"
          aria-expanded={open}
          aria-controls="dock"
          onClick={() => useView.setState({ dockOpen: !open })}
          className="flex cursor-pointer items-center gap-1.5 rounded-md px-1.5 py-0.5 font-semibold hover:bg-hover"
        >
          <span className={open ? "" : "rotate-180"}>
            <ChevronIcon />
          </span>
          Log
        </button>
        {step && (
          <span className="min-w-0 truncate text-sm text-muted">
            {step.name}
            {step.attempt > 1 && <span className="text-faint">, attempt {step.attempt}</span>}
            {selected === null && <span className="text-faint">, the last to start</span>}
          </span>
        )}
        <span className="grow" />
        {open && step && <Tabs stream={stream} />}
      </div>
      {open && (
        <div id="dock" className="relative min-h-0 grow border-t border-line bg-inset">
          <Output step={step} stream={stream} />
        </div>
      )}
    </section>
  );
}

function Tabs({ stream }: { stream: "stdout" | "stderr" }) {
  return (
    <fieldset aria-label="Output stream" className="flex rounded-md bg-inset p-0.5 font-mono text-xs">
      {streams.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={stream === name}
          onClick={() => useView.setState({ stream: name })}
          className="cursor-pointer rounded-[4px] px-2 py-0.5 text-muted hover:text-ink aria-pressed:bg-surface aria-pressed:text-ink aria-pressed:shadow-(--shadow)"
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}

function Output({ step, stream }: { step: StepState | undefined; stream: "stdout" | "stderr" }) {
  const run = useStatus((status) => status.run);
  const { data, error } = useLog(run ?? null, step, stream);
  if (run === undefined) return null;
  if (!step) return <Nothing>Nothing has run yet. What steps print appears here.</Nothing>;
  if (step.attempt === 0) return <Nothing>This step has not run yet.</Nothing>;
  if (step.reason === "refused") return <Nothing>It could not be started, so it printed nothing.</Nothing>;
  if (error) return <Nothing>{error.message}</Nothing>;
  if (!data) return null;
  if (data.text === "") return <Silent step={step} stream={stream} />;
  return <Log key={`${step.id} ${step.attempt} ${stream}`} tail={data} />;
}

function Silent({ step, stream }: { step: StepState; stream: "stdout" | "stderr" }) {
  const running = step.status === "RUNNING" || step.status === "STOPPING";
  const other = stream === "stdout" ? "stderr" : "stdout";
  return (
    <Nothing>
      {running ? `Nothing on ${stream} so far.` : `It printed nothing on ${stream}.`}{" "}
      <button type="button" className="link text-muted" onClick={() => useView.setState({ stream: other })}>
        Look at {other}
      </button>
    </Nothing>
  );
}

function Nothing({ children }: { children: ReactNode }) {
  return (
    <div className="grid h-full place-items-center px-4 text-center text-faint">
      <p>{children}</p>
    </div>
  );
}

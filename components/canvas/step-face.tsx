"use client";

import { ChevronDown, ChevronRight, GitBranch, ShieldCheck } from "lucide-react";
import { countOf } from "../../lib/core/count";
import { capital } from "../dialog/act-name";
import { Duration } from "../parts/duration";
import { KindIcon } from "../parts/icons";
import { StatusWord } from "../parts/status-word";
import { sayUsage } from "../state/usage";
import { standing, threadTypes } from "../state/vocabulary";
import type { StepState } from "../state/wire";
import { standingId } from "./elements";
import { toggleNest, useHasInside, useNests } from "./nests";
import { useReach } from "./stop";

/** What a step's card says: who runs it, its names, its marks, how it stands and what it took. */
export function StepFace({ step }: { step: StepState }) {
  const { tone, word } = standing(step);
  const sequence = step.marks?.sequence;
  const hasInside = useHasInside(step.id, sequence);
  const shell = step.model === "shell";
  const under = [
    ...(step.name === step.id ? [] : [step.id]),
    ...(shell ? [] : [step.model]),
    ...(step.marks?.fan === undefined
      ? []
      : [typeof step.marks.fan === "number" ? `×${step.marks.fan}` : "for each"]),
  ];
  return (
    <>
      <span className="card-kind" role="img" aria-label={`Runs with ${step.model}`} title={step.model}>
        <KindIcon model={step.model} />
      </span>
      <div className="card-names">
        <span className="card-name" title={step.name}>
          {step.name}
        </span>
        {under.length > 0 && <span className="card-id">{under.join(" · ")}</span>}
      </div>
      <Marks step={step} hasInside={hasInside} />
      {hasInside && <Opener id={step.id} file={sequence} />}
      <div className="card-foot" id={standingId(step.id)}>
        <StatusWord tone={tone} word={word} why={step.why} />
        <span className="card-time">
          <Spent step={step} />
        </span>
      </div>
    </>
  );
}

/** What it took so far: whether that still counts, tries, what the agent used, time. */
export function Spent({ step }: { step: StepState }) {
  const { retries } = step.marks ?? {};
  const tries = `Attempt ${step.attempt}${retries === undefined ? "" : `; tried again up to ${countOf(retries, "time")}`}`;
  const usage = step.usage && sayUsage(step.usage);
  return (
    <>
      {step.stale_why !== undefined && <Stale why={step.stale_why} />}
      {step.attempt > 1 ? (
        <span title={tries}>×{step.attempt}</span>
      ) : (
        retries !== undefined && (
          <span title={`Tried again up to ${countOf(retries, "time")}`}>↻{retries}</span>
        )
      )}
      {usage && <span title={usage.long}>{usage.short}</span>}
      <Duration step={step} />
    </>
  );
}

/** Says that what a step made is no longer what it would make, and why. */
export function Stale({ why }: { why: string }) {
  return <span title={capital(why)}>stale</span>;
}

function Marks({ step, hasInside }: { step: StepState; hasInside: boolean }) {
  const { isolation, sandbox } = step.marks ?? {};
  const type = threadTypes[step.type];
  return (
    <span className="card-marks" data-opens={hasInside}>
      {isolation && (
        <span role="img" aria-label="In a worktree of its own" title="Works in a git worktree of its own">
          <GitBranch size={13} aria-hidden="true" />
        </span>
      )}
      {sandbox && (
        <span role="img" aria-label="In a sandbox" title="Runs in a sandbox, whatever the policy says">
          <ShieldCheck size={13} aria-hidden="true" />
        </span>
      )}
      {type && (
        <span className="card-type" title={type.title}>
          {type.letter}
        </span>
      )}
    </span>
  );
}

/** Opens up what a step runs inside, in its place. */
function Opener({ id, file }: { id: string; file: string | undefined }) {
  const open = useNests((nests) => nests.open.includes(id));
  const reach = useReach();
  const what = file ?? "its instances";
  return (
    <button
      type="button"
      tabIndex={reach}
      className="card-open nodrag nopan nokey"
      aria-expanded={open}
      aria-label={`${open ? "Close" : "Open up"} ${id}`}
      title={`${open ? "Hide" : "Show"} ${what}`}
      onClick={(event) => {
        event.stopPropagation();
        toggleNest(id);
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      {open ? <ChevronDown size={14} aria-hidden="true" /> : <ChevronRight size={14} aria-hidden="true" />}
    </button>
  );
}

"use client";

import type { ReactNode } from "react";
import { capital } from "../dialog/act-name";
import { Duration } from "../parts/duration";
import { KindIcon } from "../parts/icons";
import { sayMoment } from "../state/moment";
import { chooseGroup } from "../state/view";
import { threadTypes } from "../state/vocabulary";
import { isGate, type NodeState, type StepState } from "../state/wire";
import { NodeLinks } from "./node-link";

/** The plain facts of a node, each on a line. */
export function Facts({ node }: { node: NodeState }) {
  return (
    <dl className="grid grid-cols-[84px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
      {isGate(node) ? null : <StepFacts step={node} />}
      <Fact name="Depends on">
        <NodeLinks ids={node.depends_on} />
      </Fact>
    </dl>
  );
}

function StepFacts({ step }: { step: StepState }) {
  const type = threadTypes[step.type];
  return (
    <>
      <Fact name="Runs with">
        <span className="flex items-center gap-1.5">
          <KindIcon model={step.model} size={14} />
          {step.model}
        </span>
      </Fact>
      {type && (
        <Fact name="Type">
          {type.title} <span className="text-faint">({type.letter})</span>
        </Fact>
      )}
      {step.group_id && (
        <Fact name="Group">
          <button
            type="button"
            className="link text-left break-all"
            onClick={() => chooseGroup(step.group_id ?? "")}
          >
            {step.group_id}
          </button>
        </Fact>
      )}
      {step.attempt > 0 && <Fact name="Attempt">{step.attempt}</Fact>}
      {step.started_at !== null && (
        <>
          <Fact name="Started">
            <time dateTime={new Date(step.started_at).toISOString()}>{sayMoment(step.started_at)}</time>
          </Fact>
          <Fact name={step.ended_at === null ? "So far" : "Took"}>
            <Duration step={step} />
          </Fact>
        </>
      )}
      {step.exit_code !== null && (
        <Fact name="Exit code">
          <span className={step.exit_code === 0 ? undefined : "font-semibold text-failed"}>
            {step.exit_code}
          </span>
        </Fact>
      )}
      {step.stale_why !== undefined && <Fact name="Stale">{`${capital(step.stale_why)}.`}</Fact>}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

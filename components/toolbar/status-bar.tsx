"use client";

import { ShieldAlert } from "lucide-react";
import { countOf } from "../../lib/core/count";
import type { UsageDoc } from "../../lib/core/views/status";
import { sayCost, sayCount } from "../state/amount";
import type { Refusal } from "../state/api";
import { tell } from "../state/news";
import { type FaultPlace, faultPlace, useProblems } from "../state/problems";
import { useKeptProof } from "../state/proof";
import { useLiveStatus } from "../state/queries";
import type { Connection } from "../state/stream";
import { useView } from "../state/view";
import type { StatusDocument } from "../state/wire";
import { tally } from "./progress";

const factsOf = (status: StatusDocument) => {
  const { tones, queued } = tally(status);
  return {
    engine: status.engine,
    revision: status.revision,
    sandbox: status.sandbox,
    usage: status.usage,
    head: status.audit?.hash,
    problem: status.audit?.problem,
    running: tones.running ?? 0,
    queued,
  };
};

const lines: Record<Connection, { word: string; tone: string; title: string }> = {
  connecting: { word: "Connecting", tone: "retrying", title: "Waiting for the first answer" },
  live: { word: "Live", tone: "done", title: "Every change is pushed as it happens" },
  reconnecting: {
    word: "Reconnecting",
    tone: "retrying",
    title: "The line to the server broke; what you see may be old",
  },
};

const confinement = {
  required: {
    word: "Sandboxed",
    title: "Every step runs without keys, without the network it did not ask for",
  },
  off: {
    word: "Not sandboxed",
    title:
      "Steps can do whatever you can; seqctl policy sandbox required confines them where seqctl doctor finds that a sandbox holds",
  },
};

const noStatus = {
  word: "No status",
  tone: "failed",
  title: "The server answers, but can't say how things stand",
};

/** The same where there is nothing left to read. */
const gone = { ...noStatus, word: "The workspace is gone", title: `${noStatus.title}: its folder is gone` };

/** The same where it is known which file keeps it from saying so. */
const unreadable = ({ name, place }: FaultPlace) => ({
  ...noStatus,
  word: `${name} can't be read`,
  title: `${noStatus.title}: ${place} can't be read`,
});

/** The bottom line: engine, load, revision, and the line to the server. */
export function StatusBar() {
  const facts = useLiveStatus(factsOf);
  const line = useView((view) => view.connection);
  const refused = useView((view) => view.refusal?.code);
  const fault = faultPlace(useProblems().data);
  const connection =
    refused === "workspace.missing"
      ? gone
      : refused !== undefined
        ? fault
          ? unreadable(fault)
          : noStatus
        : lines[line];
  return (
    <footer className="flex min-w-0 items-center overflow-hidden gap-4 border-t border-line bg-surface px-3 text-xs whitespace-nowrap text-muted">
      {facts && (
        <>
          <span
            data-tone={facts.engine.running ? "running" : "blocked"}
            className="flex items-center gap-1.5"
          >
            <Dot hollow={!facts.engine.running} />
            {facts.engine.running
              ? `Engine running${facts.engine.pid ? ` (pid ${facts.engine.pid})` : ""}`
              : "No engine"}
          </span>
          <span>
            {facts.running} running, {facts.queued} queued
          </span>
          {facts.usage && <Usage usage={facts.usage} />}
          <span className="grow" />
          <span title={confinement[facts.sandbox].title}>{confinement[facts.sandbox].word}</span>
          <span className="spare" title={`Revision ${facts.revision} of the sequence`}>
            revision <span className="font-mono">{facts.revision.slice(0, 8)}</span>
          </span>
          {facts.head && <Chain head={facts.head} problem={facts.problem} />}
        </>
      )}
      {!facts && <span className="grow" />}
      <span
        role="status"
        title={connection.title}
        data-tone={connection.tone}
        className="flex shrink-0 items-center gap-1.5"
      >
        <Dot hollow={connection.word !== "Live"} />
        {connection.word}
      </span>
    </footer>
  );
}

function Dot({ hollow }: { hollow: boolean }) {
  return (
    <svg width="8" height="8" viewBox="0 0 8 8" className="tone-ink" aria-hidden="true">
      <circle
        cx="4"
        cy="4"
        r={hollow ? 3 : 4}
        fill={hollow ? "none" : "currentColor"}
        stroke={hollow ? "currentColor" : "none"}
        strokeWidth="1.5"
      />
    </svg>
  );
}

function Usage({ usage }: { usage: UsageDoc }) {
  const { tokens_in, tokens_out, unpriced } = usage;
  const title = `${tokens_in} tokens read and ${tokens_out} written by this run's agents${unpriced > 0 ? `; ${unpriced} of their attempts named no price` : ""}`;
  return (
    <span title={title}>
      {sayCount(tokens_in + tokens_out)} tokens, {sayCost(usage)}
    </span>
  );
}

/** The end of the audit log's chain, and whether the record holds; pressing it checks the whole of it. */
function Chain({ head, problem }: { head: string; problem?: string | undefined }) {
  const { data, refetch } = useKeptProof();
  const broken = problem ?? data?.fault?.message;
  const verify = async () => {
    const { data, error } = await refetch();
    if (error) tell("failed", `The record could not be verified: ${error.message}`);
    else if (data?.fault) tell("failed", data.fault.message, hintOf(data.fault));
    else if (data)
      tell(
        "done",
        `The record is whole: ${countOf(data.proof.entries, "entry")}, each chained to the one before`,
      );
  };
  return (
    <button
      type="button"
      className="line-button"
      {...(broken === undefined ? {} : { "data-tone": "failed" })}
      title={
        broken === undefined
          ? "The newest entry of the record; press to check the whole chain"
          : `The record is not the one that was written: ${broken}. Press to check the whole chain`
      }
      onClick={() => void verify()}
    >
      {broken === undefined ? (
        <>
          record <span className="font-mono">{head.slice(0, 8)}</span>
        </>
      ) : (
        <span className="tone-ink flex items-center gap-1">
          <ShieldAlert size={13} aria-hidden="true" /> record broken
        </span>
      )}
    </button>
  );
}

const tells = "`seqctl audit verify` tells more";
const hintOf = ({ hint }: Refusal) => (hint ? `${hint}; ${tells}` : tells);

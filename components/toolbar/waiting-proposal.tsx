"use client";

import { Suspense } from "react";
import { drawWaiting } from "../chat/drawing";
import { useChatSession } from "../chat/state";
import { sayCall } from "../chat/told";
import type { DraftCall } from "../chat/wire";
import { loadable } from "../parts/loadable";
import { Lines } from "../parts/skeleton";
import { useDoing } from "../state/doing";
import type { ProposalDocument } from "../state/wire";
import { InboxItem } from "./inbox-item";

const UnifiedDiff = loadable("diff", () =>
  import("../chat/unified-diff").then(({ UnifiedDiff }) => UnifiedDiff),
);

const states: Record<ProposalDocument["state"], string> = {
  ready: "",
  moved: "It would do something else by now:",
  stale: "What it was made for has changed:",
  blocked: "It can't be carried out now:",
};

/** A proposal: what it would do in words, what that changes in the file, what the rules say to it, and the decision. */
export function WaitingProposal({ proposal }: { proposal: ProposalDocument }) {
  const { id, summary, actor, state, problem, changed, sentences, unified, beside, confirm } = proposal;
  const { act } = useDoing();
  const { api, talk } = useChatSession();
  const turnDown = async () => {
    if (await act({ action: "proposal.reject", input: { id } })) talk.decide(id, "rejected");
  };
  const approve = async () => {
    if (await act({ action: "proposal.approve", input: { id } })) talk.decide(id, "approved");
  };
  // A sentence stands for a call, unless a call is several edits.
  const calls = proposal.calls as Pick<DraftCall, "action" | "input">[];
  const sayAt = (said: string, at: number) => {
    const call = sentences.length === calls.length ? calls[at] : undefined;
    return call ? sayCall({ ...call, summary: said }) : said;
  };
  const notes = problem === null ? changed : [problem];
  const isSaid = sentences.length === 1 && sentences[0] === summary;
  return (
    <InboxItem tone="human" kind="Proposal" name={summary} why={`Proposed by ${actor}.`}>
      {!isSaid && (
        <ol aria-label="What it would do" className="proposal-calls">
          {sentences.map((sentence, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a call is what it is by its place
            <li key={at}>{sayAt(sentence, at)}</li>
          ))}
        </ol>
      )}
      {unified !== "" && (
        <div className="proposal-diff">
          <Suspense fallback={<Lines widths={["60%", "80%"]} />}>
            <UnifiedDiff unified={unified} />
          </Suspense>
        </div>
      )}
      {beside.length > 0 && (
        <ul aria-label="What comes of it beside that" className="shown-calls">
          {beside.map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step may be started twice, and lines never move
            <li key={at}>{line}</li>
          ))}
        </ul>
      )}
      {notes.length > 0 && (
        <div className="text-sm text-muted">
          <p className="font-medium">{states[state]}</p>
          {notes.map((note) => (
            <p key={note} className="break-words">
              {note}
            </p>
          ))}
        </div>
      )}
      {proposal.verdict && <p className="text-sm text-muted">{sayVerdict(proposal.verdict)}</p>}
      <details className="more">
        <summary>As JSON</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
        <section aria-label="The calls as JSON" className="shown-calls" tabIndex={0}>
          <pre>{JSON.stringify(proposal.calls, null, 2)}</pre>
        </section>
      </details>
      <div className="flex flex-wrap gap-1.5">
        {confirm !== null && (
          <button
            type="button"
            className="button button-main"
            aria-label={`Approve: ${summary}`}
            onClick={() => void approve()}
          >
            Approve
          </button>
        )}
        <button
          type="button"
          className="button"
          aria-label={`Turn down: ${summary}`}
          onClick={() => void turnDown()}
        >
          Turn down
        </button>
        {unified !== "" && (
          <button
            type="button"
            className="button"
            aria-label={`Show on the canvas: ${summary}`}
            onClick={() => void drawWaiting(api, proposal)}
          >
            Show on the canvas
          </button>
        )}
      </div>
    </InboxItem>
  );
}

/** What the rules say to it, for people. */
function sayVerdict({ ask, why }: NonNullable<ProposalDocument["verdict"]>): string {
  if (ask === 0) return "The rules allow it without a question; it waits as it was proposed.";
  return `The rules ask ${ask === 2 ? "twice" : "once"}: ${why}.`;
}

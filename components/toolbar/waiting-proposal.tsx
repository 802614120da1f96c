"use client";

import { lazy, Suspense } from "react";
import { isPast } from "../../lib/core/views/proposal";
import { drawWaiting } from "../chat/drawing";
import { useChatSession } from "../chat/state";
import { sayCall } from "../chat/told";
import type { DraftCall } from "../chat/wire";
import { capital } from "../dialog/act-name";
import { Said } from "../parts/said";
import { Lines } from "../parts/skeleton";
import { useDoing } from "../state/doing";
import { sayDay } from "../state/moment";
import type { ProposalDocument } from "../state/wire";
import { InboxItem } from "./inbox-item";

const UnifiedDiff = lazy(() =>
  import("../chat/unified-diff").then(({ UnifiedDiff }) => ({ default: UnifiedDiff })),
);

/**
 * A proposal: what it would do, who made it and when, how it stands, and the decision. `brief`: what it changes in the file
 * and what the rules say is there to be opened, else it is in sight.
 */
export function WaitingProposal({ proposal, brief }: { proposal: ProposalDocument; brief?: boolean }) {
  const { id, summary, actor, ts, state, unified, confirm } = proposal;
  const { act } = useDoing();
  const { api, talk } = useChatSession();
  const past = isPast(proposal);
  const settle = async (verb: "approve" | "reject") => {
    if (!(await act({ action: `proposal.${verb}`, input: { id } }))) return;
    talk.decide(id, verb === "approve" ? "approved" : "rejected");
  };
  const said = sentencesOf(proposal);
  const name = said.length === 1 && proposal.sentences[0] === summary ? (said[0] ?? summary) : summary;
  const who = actor === "chat" ? "the chat" : actor;
  // What one that has moved would do now is a question of its own, which the door asks.
  const yes = state === "moved" ? "Look at it anew" : "Approve";
  const no = past ? "Clear away" : "Turn down";
  return (
    <InboxItem
      tone="human"
      kind="Proposal"
      name={name}
      why={`Proposed by ${who}, ${sayDay(ts)}.`}
      quiet={brief}
    >
      <Standing proposal={proposal} />
      {brief ? (
        <details className="more">
          <summary>{state === "moved" ? "What it would do now" : "What it would do"}</summary>
          <div className="inbox-opened">
            <Details proposal={proposal} said={said} />
          </div>
        </details>
      ) : (
        <Details proposal={proposal} said={said} />
      )}
      <div className="flex flex-wrap items-center gap-1.5">
        {confirm !== null && !past && (
          <button
            type="button"
            className={brief ? "button" : "button button-main"}
            aria-label={`${yes}: ${summary}`}
            onClick={() => void settle("approve")}
          >
            {yes === "Approve" ? yes : `${yes}…`}
          </button>
        )}
        <button
          type="button"
          className="button"
          aria-label={`${no}: ${summary}`}
          onClick={() => void settle("reject")}
        >
          {no}
        </button>
        {unified !== "" && (
          <button
            type="button"
            className="link ml-auto text-sm text-muted"
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

/** Why it can't be carried out as it was made, and what helps. */
function Standing({ proposal }: { proposal: ProposalDocument }) {
  const { out_of_date, standing, remedy, changed } = proposal;
  if (standing === null) return null;
  return (
    <div data-tone={out_of_date ? "retrying" : undefined} className="proposal-standing">
      <p className="font-medium break-words">
        <Said text={`${capital(standing).replace(/[.:]$/, "")}.`} />
      </p>
      {changed.map((note) => (
        <p key={note} className="break-words text-muted">
          {note}
        </p>
      ))}
      {remedy !== null && !isPast(proposal) && <p className="text-muted">{capital(remedy)}.</p>}
    </div>
  );
}

/** What it would do in words, what that changes in the file, what comes of it beside that, and what the rules say. */
function Details({ proposal, said }: { proposal: ProposalDocument; said: readonly string[] }) {
  const { summary, sentences, unified, beside, verdict, calls } = proposal;
  const isSaid = sentences.length === 1 && sentences[0] === summary;
  return (
    <>
      {!isSaid && (
        <ol aria-label="What it would do" className="proposal-calls">
          {said.map((sentence, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a call is what it is by its place
            <li key={at}>{sentence}</li>
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
      {verdict && <p className="text-sm text-muted">{sayVerdict(verdict)}</p>}
      <details className="more">
        <summary>As JSON</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
        <section aria-label="The calls as JSON" className="shown-calls" tabIndex={0}>
          <pre>{JSON.stringify(calls, null, 2)}</pre>
        </section>
      </details>
    </>
  );
}

/** What it would do, a sentence a call; a call that is several edits has one for each. */
function sentencesOf({ calls, sentences }: ProposalDocument): string[] {
  const drafts = calls as Pick<DraftCall, "action" | "input">[];
  return sentences.map((said, at) => {
    const call = sentences.length === drafts.length ? drafts[at] : undefined;
    return call ? sayCall({ ...call, summary: said }) : said;
  });
}

/** What the rules say to it, for people. */
function sayVerdict({ ask, why }: NonNullable<ProposalDocument["verdict"]>): string {
  if (ask === 0) return "The rules allow it without a question; it waits as it was proposed.";
  return `The rules ask ${ask === 2 ? "twice" : "once"}: ${why}.`;
}

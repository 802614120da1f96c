"use client";

import { type ReactNode, useState } from "react";
import { countOf } from "../../lib/core/count";
import { useChatSession } from "../chat/state";
import { useDoing } from "../state/doing";
import { ask } from "../state/news";
import type { ProposalDocument } from "../state/wire";
import { WaitingProposal } from "./waiting-proposal";

type Proposals = readonly ProposalDocument[];

/** What one asked the chat for and left: nobody waits for it, so it is told apart and can be discarded at once. */
export function FromChat({ proposals }: { proposals: Proposals }) {
  const one = proposals.length === 1;
  return (
    <Left
      title="From the chat, not applied"
      proposals={proposals}
      act={one ? "Discard it" : "Discard all"}
      question={`Discard ${countOf(proposals.length, "proposal")} from the chat`}
    >
      {one
        ? "You asked for this and did not decide. Nothing waits for it."
        : "You asked for these and did not decide. Nothing waits for them."}
    </Left>
  );
}

/** What time has passed by: it can't be carried out any more as it was made. */
export function OutOfDate({ proposals }: { proposals: Proposals }) {
  const one = proposals.length === 1;
  return (
    <Left
      title="Out of date"
      proposals={proposals}
      act={one ? "Clear it away" : "Clear all away"}
      question={`Clear ${countOf(proposals.length, "proposal")} away`}
    >
      {one
        ? "This can't be applied any more. Ask again if it is still wanted."
        : "These can't be applied any more. Ask again for what is still wanted."}
    </Left>
  );
}

function Left(props: {
  title: string;
  proposals: Proposals;
  act: string;
  question: string;
  children: ReactNode;
}) {
  const { title, proposals, act: name, question, children } = props;
  const { act } = useDoing();
  const { talk } = useChatSession();
  const [busy, setBusy] = useState(false);
  const discard = async () => {
    const agreed = await ask({
      summary: question,
      times: 1,
      why: `what is turned down can't be applied any more; ${proposals.length === 1 ? "it" : "each"} can be asked for again`,
      shows: proposals.map(({ summary }) => summary),
      shownAs: "What is turned down",
      confirm: "",
      act: name,
    });
    if (!agreed) return;
    setBusy(true);
    for (const { id } of proposals) {
      if (!(await act({ action: "proposal.reject", input: { id } }))) break;
      talk.decide(id, "rejected");
    }
    setBusy(false);
  };
  return (
    <section aria-label={title} className="inbox-left">
      <div className="flex items-center gap-2">
        <h3 className="grow font-semibold">
          {title} ({proposals.length})
        </h3>
        <button type="button" className="button" disabled={busy} onClick={() => void discard()}>
          {name}
        </button>
      </div>
      <p className="text-muted">{children}</p>
      <div className="flex flex-col gap-2">
        {proposals.map((proposal) => (
          <WaitingProposal key={proposal.id} proposal={proposal} brief />
        ))}
      </div>
    </section>
  );
}

"use client";

import { useState } from "react";
import { countOf } from "../../lib/core/count";
import { useChatSession } from "../chat/state";
import { useDoing } from "../state/doing";
import { ask } from "../state/news";
import type { ProposalDocument } from "../state/wire";
import { WaitingProposal } from "./waiting-proposal";

/** What one asked the chat for and left: nobody waits for it, so it is told apart and can be discarded at once. */
export function FromChat({ proposals }: { proposals: readonly ProposalDocument[] }) {
  const { act } = useDoing();
  const { talk } = useChatSession();
  const [busy, setBusy] = useState(false);
  const discard = async () => {
    const many = countOf(proposals.length, "proposal");
    const agreed = await ask({
      summary: `Discard ${many} from the chat`,
      times: 1,
      why: "what is discarded can't be applied any more; the chat can be asked for it again",
      shows: proposals.map(({ summary }) => summary),
      confirm: "",
      act: "Discard all",
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
    <section aria-label="From the chat, not applied" className="inbox-left">
      <div className="flex items-center gap-2">
        <h3 className="grow font-semibold">From the chat, not applied ({proposals.length})</h3>
        <button type="button" className="button" disabled={busy} onClick={() => void discard()}>
          Discard all
        </button>
      </div>
      <p className="text-muted">You asked for these and did not decide. Nothing waits for them.</p>
      <details className="more">
        <summary>Show {proposals.length === 1 ? "it" : "them"}</summary>
        <div className="flex flex-col gap-3">
          {proposals.map((proposal) => (
            <WaitingProposal key={proposal.id} proposal={proposal} />
          ))}
        </div>
      </details>
    </section>
  );
}

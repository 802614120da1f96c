"use client";

import { useState } from "react";
import type { Refusal } from "../state/api";
import { ask, tell } from "../state/news";
import { useSession } from "../state/provider";
import { useChatSession } from "./state";
import type { Wanted } from "./wire";

/** Deciding about a proposal: applying all of it or a part, running behind it, turning it down. */
export function useDeciding(proposal: string) {
  const { desk } = useSession();
  const { api, talk } = useChatSession();
  const [busy, setBusy] = useState(false);
  const alone = (work: () => Promise<void>) => async () => {
    if (busy) return;
    setBusy(true);
    await work().finally(() => setBusy(false));
  };

  const tellRefused = ({ code, message, hint }: Refusal) => {
    // Decided on in another window: there is nothing to decide here any more, and the server knows what became of it.
    if (code === "proposal.decided") {
      talk.decide(proposal, "elsewhere");
      void talk.look();
    }
    tell("failed", message, hint);
  };

  /** `harmless`: nothing starts, nothing is lost, and the card shows all of it. */
  const apply = async (wanted: Wanted, harmless: boolean) => {
    let confirm: string | undefined;
    for (;;) {
      const answer = await api.apply(wanted, confirm);
      if (answer.kind === "done") {
        talk.decide(proposal, answer.proposal === proposal ? "approved" : "replaced");
        // What was applied is told by the server, for good.
        void talk.look();
        return;
      }
      if (answer.kind === "refused") {
        tellRefused(answer.refusal);
        return;
      }
      const { question } = answer;
      // The card is the question then, and the button the answer.
      const isSeen = harmless && question.times === 1;
      if (!isSeen && !(await ask(question))) return;
      confirm = question.confirm;
    }
  };
  const discard = async () => {
    const outcome = await desk.do({ action: "proposal.reject", input: { id: proposal } });
    if (outcome.kind === "done") talk.decide(proposal, "rejected");
    else if (outcome.kind === "refused") tellRefused(outcome.refusal);
  };
  return {
    busy,
    apply: (wanted: Wanted, harmless: boolean) => alone(() => apply(wanted, harmless))(),
    discard: alone(discard),
  };
}

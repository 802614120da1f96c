"use client";

import { Eye } from "lucide-react";
import { useEffect } from "react";
import { useView } from "../state/view";
import { useProposals } from "../state/waiting";
import { useChat } from "./state";

const hide = () => useChat.setState({ drawn: null });

/** Says of a proposal that was brought here from the inbox what it is, and leads back. */
export function DrawnNotice() {
  const drawn = useChat((chat) => chat.drawn);
  return drawn?.summary === undefined ? null : <Shown proposal={drawn.proposal} summary={drawn.summary} />;
}

function Shown({ proposal, summary }: { proposal: string; summary: string }) {
  const waits = useProposals().some(({ id }) => id === proposal);
  useEffect(() => {
    // Once it is decided on, wherever that was, there is nothing left to show.
    if (!waits) hide();
  }, [waits]);
  return (
    <section aria-label="Shown on the canvas" className="drawn-notice">
      <Eye size={14} aria-hidden="true" className="mt-[3px] shrink-0" />
      <p className="min-w-0 grow break-words">
        Only proposed: <span className="font-medium">{summary}</span>
      </p>
      <button type="button" className="button" onClick={hide}>
        Hide
      </button>
      <button
        type="button"
        className="button"
        onClick={() => {
          hide();
          useView.setState({ front: "inbox" });
        }}
      >
        Back to the inbox
      </button>
    </section>
  );
}

"use client";

import { Inbox as InboxIcon } from "lucide-react";
import { waitingIn } from "../../lib/core/views/waiting";
import { sayKeys } from "../commands/keymap";
import { Dialog } from "../dialog/dialog";
import { GateFacts } from "../inspector/gate-facts";
import { NodeLinks } from "../inspector/node-link";
import { CloseIcon } from "../parts/icons";
import { IconButton } from "../parts/tool-button";
import { useDoing } from "../state/doing";
import { useNode, useStatus } from "../state/queries";
import { rejectAt, select, useView } from "../state/view";
import { standing } from "../state/vocabulary";
import { partedProposals, useFreshProposals, useProposals } from "../state/waiting";
import { isGate } from "../state/wire";
import { InboxItem } from "./inbox-item";
import { FromChat, OutOfDate } from "./left-proposals";
import { NotifySwitch } from "./notify-switch";
import { WaitingProposal } from "./waiting-proposal";

const close = () => useView.setState({ front: null });

/** Goes to a node, where the inspector tells all of it. */
function visit(id: string): void {
  close();
  select(id, "overview");
}

/** Opens what waits for a person, and says how much that is. */
export function InboxButton() {
  const waiting = useStatus(waitingIn);
  const { asked, left } = partedProposals(useProposals());
  const count = (waiting ? waiting.gates.length + waiting.steps.length : 0) + asked.length;
  return (
    <button
      type="button"
      className="icon-button inbox-button"
      aria-label={
        count > 0 ? `Inbox, ${count} for you` : left.length > 0 ? "Inbox, nothing for you" : "Inbox, empty"
      }
      title={`What waits for you (${sayKeys("i")})`}
      onClick={() => useView.setState({ front: "inbox" })}
    >
      <InboxIcon size={15} aria-hidden="true" />
      {count > 0 && (
        <span className="badge" aria-hidden="true">
          {count > 99 ? "99+" : count}
        </span>
      )}
    </button>
  );
}

/** Everything that waits for a person: gates, proposals and what failed, each with its answers. */
export function Inbox() {
  const { gates, steps } = useStatus(waitingIn) ?? { gates: [], steps: [] };
  const { asked, left, past } = partedProposals(useProposals());
  useFreshProposals();
  const isEmpty = gates.length + steps.length + asked.length === 0;
  return (
    <Dialog
      open
      onClose={close}
      title="Inbox"
      text="What only you can do next"
      className="drawer"
      {...(isEmpty && left.length + past.length === 0 ? { begin: ".inbox-close button" } : {})}
    >
      <div className="inbox-list">
        {isEmpty && <p className="py-8 text-center text-muted">Nothing waits for you.</p>}
        {gates.map((id) => (
          <WaitingGate key={id} id={id} />
        ))}
        {asked.map((proposal) => (
          <WaitingProposal key={proposal.id} proposal={proposal} />
        ))}
        {steps.map((id) => (
          <FailedStep key={id} id={id} />
        ))}
        {left.length > 0 && <FromChat proposals={left} />}
        {past.length > 0 && <OutOfDate proposals={past} />}
      </div>
      <NotifySwitch />
      <div className="inbox-close">
        <IconButton label="Close the inbox" icon={CloseIcon} onPress={close} />
      </div>
    </Dialog>
  );
}

function WaitingGate({ id }: { id: string }) {
  const gate = useNode(id);
  const { act } = useDoing();
  if (!gate || !isGate(gate)) return null;
  // A gate with questions is answered where it is looked at; that takes the inbox's place.
  const decide = (verb: "approve" | "block") => () => void act({ action: `gate.${verb}`, input: { id } });
  return (
    <InboxItem tone="human" kind="Gate" name={gate.name} why={gate.why} onVisit={() => visit(id)}>
      {gate.shows.length > 0 && (
        <div className="inbox-shows">
          <span className="text-faint">It shows</span>
          <NodeLinks ids={gate.shows} />
        </div>
      )}
      <GateFacts id={id} />
      <div className="flex flex-wrap gap-1.5">
        {gate.takes.includes("approve") && (
          <button
            type="button"
            className="button button-main"
            aria-label={`Approve ${gate.name}`}
            onClick={decide("approve")}
          >
            Approve
          </button>
        )}
        {gate.takes.includes("reject") && (
          <button
            type="button"
            className="button"
            aria-label={`Reject ${gate.name}, with a reason`}
            onClick={() => {
              close();
              rejectAt(id);
            }}
          >
            Reject…
          </button>
        )}
        {gate.takes.includes("block") && (
          <button
            type="button"
            className="button"
            aria-label={`Block ${gate.name}`}
            onClick={decide("block")}
          >
            Block
          </button>
        )}
      </div>
    </InboxItem>
  );
}

function FailedStep({ id }: { id: string }) {
  const step = useNode(id);
  const { act } = useDoing();
  if (!step || isGate(step)) return null;
  return (
    <InboxItem
      tone={standing(step).tone === "human" ? "human" : "failed"}
      kind="Step"
      name={step.name}
      why={step.why}
      onVisit={() => visit(id)}
    >
      <div className="flex flex-wrap gap-1.5">
        <button
          type="button"
          className="button"
          aria-label={`Re-run it: ${step.name}`}
          onClick={() => void act({ action: "run.start", input: { scope: "step", id } })}
        >
          Re-run it
        </button>
        <button
          type="button"
          className="button"
          aria-label={`Look at its log: ${step.name}`}
          onClick={() => {
            visit(id);
            useView.setState({ dockOpen: true });
          }}
        >
          Look at its log
        </button>
      </div>
    </InboxItem>
  );
}

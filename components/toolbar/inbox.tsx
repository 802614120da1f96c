"use client";

import { Inbox as InboxIcon } from "lucide-react";
import type { ReactNode } from "react";
import { sayKeys } from "../commands/keymap";
import { Dialog } from "../dialog/dialog";
import { NodeLinks } from "../inspector/node-link";
import { Glyph } from "../parts/glyph";
import { useDoing } from "../state/doing";
import { useNode, useStatus } from "../state/queries";
import { select, useView } from "../state/view";
import { standing } from "../state/vocabulary";
import { useProposals, waitingOf } from "../state/waiting";
import { isGate, type ProposalDocument } from "../state/wire";
import { NotifySwitch } from "./notify-switch";

const close = () => useView.setState({ front: null });

/** Goes to a node, where the inspector tells all of it. */
function visit(id: string): void {
  close();
  select(id, "overview");
}

/** Opens what waits for a person, and says how much that is. */
export function InboxButton() {
  const waiting = useStatus(waitingOf);
  const proposals = useProposals();
  const count = (waiting ? waiting.gates.length + waiting.steps.length : 0) + proposals.length;
  return (
    <button
      type="button"
      className="icon-button inbox-button"
      aria-label={count === 0 ? "Inbox, empty" : `Inbox, ${count} for you`}
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
  const { gates, steps } = useStatus(waitingOf) ?? { gates: [], steps: [] };
  const proposals = useProposals();
  const isEmpty = gates.length + steps.length + proposals.length === 0;
  return (
    <Dialog open onClose={close} title="Inbox" text="What only you can do next" className="drawer">
      {isEmpty && <p className="py-8 text-center text-muted">Nothing waits for you.</p>}
      <div className="flex flex-col gap-3">
        {gates.map((id) => (
          <WaitingGate key={id} id={id} />
        ))}
        {proposals.map((proposal) => (
          <Proposal key={proposal.id} proposal={proposal} />
        ))}
        {steps.map((id) => (
          <FailedStep key={id} id={id} />
        ))}
      </div>
      <NotifySwitch />
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
    <Item tone="human" kind="Gate" name={gate.name} why={gate.why} onVisit={() => visit(id)}>
      {gate.shows.length > 0 && (
        <div className="inbox-shows">
          <span className="text-faint">It shows</span>
          <NodeLinks ids={gate.shows} />
        </div>
      )}
      <div className="flex flex-wrap gap-1.5">
        <button
          type="button"
          className="button button-main"
          aria-label={`Approve ${gate.name}`}
          onClick={decide("approve")}
        >
          Approve
        </button>
        <button type="button" className="button" aria-label={`Block ${gate.name}`} onClick={decide("block")}>
          Block
        </button>
        <button
          type="button"
          className="button"
          aria-label={`Reject ${gate.name}, with a reason`}
          onClick={() => {
            visit(id);
            useView.setState({ form: "gate.reject" });
          }}
        >
          Reject…
        </button>
      </div>
    </Item>
  );
}

const states: Record<ProposalDocument["state"], string> = {
  ready: "",
  moved: "It would do something else by now:",
  stale: "What it was made for has changed:",
  blocked: "It can't be carried out now:",
};

function Proposal({ proposal }: { proposal: ProposalDocument }) {
  const { id, summary, actor, state, problem, changed, lines, confirm } = proposal;
  const { act } = useDoing();
  const notes = problem === null ? changed : [problem];
  return (
    <Item tone="human" kind="Proposal" name={summary} why={`Proposed by ${actor}.`}>
      {lines.length > 0 && (
        <ul aria-label="What it would do" className="shown-calls">
          {lines.map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a diff repeat, and never move
            <li key={at} data-sign={signOf(line)}>
              {line}
            </li>
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
      <div className="flex flex-wrap gap-1.5">
        {confirm !== null && (
          <button
            type="button"
            className="button button-main"
            aria-label={`Approve: ${summary}`}
            onClick={() => void act({ action: "proposal.approve", input: { id } })}
          >
            Approve
          </button>
        )}
        <button
          type="button"
          className="button"
          aria-label={`Turn down: ${summary}`}
          onClick={() => void act({ action: "proposal.reject", input: { id } })}
        >
          Turn down
        </button>
      </div>
    </Item>
  );
}

const signOf = (line: string) => (line.startsWith("+") ? "plus" : line.startsWith("-") ? "minus" : undefined);

function FailedStep({ id }: { id: string }) {
  const step = useNode(id);
  const { act } = useDoing();
  if (!step || isGate(step)) return null;
  return (
    <Item
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
          aria-label={`Run it again: ${step.name}`}
          onClick={() => void act({ action: "run.start", input: { scope: "step", id } })}
        >
          Run it again
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
    </Item>
  );
}

function Item(props: {
  tone: "human" | "failed";
  kind: string;
  name: string;
  why: string;
  onVisit?: () => void;
  children: ReactNode;
}) {
  const { tone, kind, name, why, onVisit, children } = props;
  return (
    <section data-tone={tone} aria-label={`${kind}: ${name}`} className="inbox-item tone-callout">
      <div className="flex items-start gap-2">
        <span className="pt-[3px]">
          <Glyph tone={tone} />
        </span>
        <div className="min-w-0">
          <h3 className="font-semibold break-words">
            {onVisit ? (
              <button type="button" className="link text-left" onClick={onVisit}>
                {name}
              </button>
            ) : (
              name
            )}
          </h3>
          <p className="break-words text-muted">{why}</p>
        </div>
      </div>
      {children}
    </section>
  );
}

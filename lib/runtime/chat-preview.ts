import { renderFailure } from "../core/failure-table";
import { err, ok, type Result } from "../core/result";
import { shownDiff } from "../core/sequence/shown-source";
import { chosen, movedFailure, type Wanted } from "./chat-apply";
import type { ChatPorts } from "./chat-ports";
import { proposalDecision } from "./history";
import type { Ports } from "./ports";
import { findProposal } from "./propose";
import { type Draft, rehearse } from "./rehearse";
import { shownUnified } from "./shown-change";

/** What the wanted part of a proposal would come to now. */
export interface Preview extends Pick<Draft, "base" | "changes" | "verdict" | "forecast" | "unrunnable"> {
  proposal: string;
  unified: string;
  /** What has changed since it was made; null where nothing has. */
  moved: string[] | null;
}

/** Tries the wanted part of a proposal on what stands now. Nothing is written. */
export async function previewProposal(
  ports: Ports,
  own: Pick<ChatPorts, "unified">,
  wanted: Wanted,
): Promise<Result<Preview>> {
  const found = findProposal(ports, wanted.proposal);
  if (!found.ok) return found;
  const proposal = found.value;
  const decision = proposalDecision(ports, proposal.id);
  if (decision) return err({ code: "proposal.decided", id: proposal.id, decision });
  const calls = chosen(proposal, wanted);
  if (!calls.ok) return calls;
  const draft = rehearse(ports, calls.value);
  const present = ports.definition.loadText();
  const moved = !present.ok || present.value.digest !== proposal.base;
  if (!draft.ok)
    return moved ? err(movedFailure(ports, proposal, renderFailure(draft.failure).message)) : draft;
  const { base, before, after, changes, verdict, forecast, unrunnable } = draft.value;
  const known = ports.knownSecrets();
  return ok({
    proposal: proposal.id,
    base,
    unified: await shownUnified(own, before, after, known),
    changes: shownDiff(changes, known),
    verdict,
    forecast,
    unrunnable,
    moved: moved ? movedFailure(ports, proposal).changed : null,
  });
}

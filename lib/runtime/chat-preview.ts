import { ok, type Result } from "../core/result";
import { shownDiff } from "../core/sequence/shown-source";
import { movedFailure, tryWanted, type Wanted } from "./chat-apply";
import type { ChatPorts } from "./chat-ports";
import type { Ports } from "./ports";
import type { Draft } from "./rehearse";
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
  const tried = tryWanted(ports, wanted);
  if (!tried.ok) return tried;
  const { proposal, draft, moved } = tried.value;
  const { base, before, after, changes, verdict, forecast, unrunnable } = draft;
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

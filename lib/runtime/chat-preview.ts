import type { ChatCall } from "../core/chat/reading";
import { ok, type Result } from "../core/result";
import { shownDiff } from "../core/sequence/shown-source";
import { sayMoved } from "../core/views/proposal";
import { movedFailure, tryWanted, type Wanted } from "./chat-apply";
import type { ChatPorts } from "./chat-ports";
import type { Ports } from "./ports";
import { type Draft, rehearse } from "./rehearse";
import { shownUnified } from "./shown-change";

/** What the wanted part of a proposal would come to now. */
export interface Preview extends Pick<Draft, "base" | "changes" | "verdict" | "forecast" | "unrunnable"> {
  proposal: string;
  unified: string;
  /** What has changed since it was made; null where nothing has. */
  moved: string[] | null;
  /** The same as a part of a sentence, with whether it would do something else by now. */
  standing: string | null;
}

/** Tries the wanted part of a proposal on what stands now. Nothing is written. */
export async function previewProposal(
  ports: Ports,
  own: Pick<ChatPorts, "unified">,
  wanted: Wanted,
): Promise<Result<Preview>> {
  const tried = tryWanted(ports, wanted);
  if (!tried.ok) return tried;
  const { proposal, calls, draft, moved } = tried.value;
  const isWhole = calls.length === proposal.calls.length;
  const whole = !moved ? undefined : isWhole ? draft : doneIn(rehearse(ports, proposal.calls as ChatCall[]));
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
    standing: moved
      ? sayMoved({ sequence: true, same: whole?.shown.digest === proposal.shown?.digest })
      : null,
  });
}

function doneIn<T>(result: Result<T>): T | undefined {
  return result.ok ? result.value : undefined;
}

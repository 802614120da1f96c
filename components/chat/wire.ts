import type { SequenceDiff } from "../../lib/core/sequence/diff";
import type { Conversation } from "../../lib/runtime/chat-history";
import type { ChatRecord } from "../../lib/runtime/chat-ports";
import type { Preview } from "../../lib/runtime/chat-preview";
import type { Draft, DraftCall, Forecast, Verdict } from "../../lib/runtime/rehearse";

export type { ChatRecord, Conversation, DraftCall, Verdict };

/** Who answers, or why nobody can, and all conversations, newest first. */
export interface About {
  provider: string | null;
  model: string | null;
  problem: string | null;
  hint: string | null;
  conversations: Conversation[];
}

/** One conversation in full. */
export interface ConversationDocument {
  id: string;
  records: ChatRecord[];
  answering: boolean;
}

/** What a proposal, or a part of it, would come to. */
export interface Effect {
  base: string;
  unified: string;
  changes: SequenceDiff;
  verdict: Verdict;
  /** A conversation of an older version tells less. */
  forecast: Omit<Forecast, "bare"> & Partial<Pick<Forecast, "bare">>;
  /** Why it can't be run right behind it. */
  unrunnable?: Draft["unrunnable"];
}

/** The same, tried on what stands now. */
export type PreviewDocument = Effect & Pick<Preview, "moved" | "standing">;

/** The part of a proposal that is wanted. */
export interface Wanted {
  proposal: string;
  actions?: number[];
  run?: boolean;
  /** Digest of the definition that its effect was shown on. */
  base?: string;
}

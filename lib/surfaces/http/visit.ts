import { AsyncLocalStorage } from "node:async_hooks";
import type { Caller } from "../../core/actor";
import type { Result } from "../../core/result";
import type { Threados } from "../../threados";
import type { StatusFeed } from "./status-feed";
import type { Sittings } from "./terminal";
import type { Authorize } from "./token";

/** What a call may ask beside its input. */
export interface CallOptions {
  confirm?: string;
  dryRun?: boolean;
}

/** An open workspace, as far as this surface needs one. */
export interface Workspace
  extends Pick<Threados, "query" | "watch" | "watchChats" | "holds" | "chat" | "visit" | "endAnswers"> {
  dispatch(
    call: { action: string; input: unknown },
    caller: Caller,
    options?: CallOptions,
  ): Promise<Result<unknown>>;
}

/** One start of the server: its workspace, and who may use it. */
export interface Session {
  workspace: Workspace;
  port: number;
  authorize: Authorize;
  /** Answers a challenge with what only a holder of the token can know. */
  prove(challenge: string): string;
  feed: StatusFeed;
  /** The pages that sit at terminals. */
  sittings: Sittings;
}

/** A request on its way through the server. */
export interface Visit {
  session: Session;
  /** Aborted once the answer has been sent or the client has gone. */
  gone: AbortSignal;
  /** Closes the connection at once, whatever is still unsent. */
  drop(): void;
}

// Next's route bundles and the server are separate module graphs: what they share has to hang on globalThis.

const KEY = Symbol.for("threados.http.visit");
const shared = globalThis as { [KEY]?: AsyncLocalStorage<Visit> };

function storage(): AsyncLocalStorage<Visit> {
  shared[KEY] ??= new AsyncLocalStorage();
  return shared[KEY];
}

/** Handles a request as a visit: whatever `work` calls, now or later, can ask which one it serves. */
export function duringVisit<T>(visit: Visit, work: () => T): T {
  return storage().run(visit, work);
}

/** The visit this code serves; undefined if no guard let it in. */
export function currentVisit(): Visit | undefined {
  return storage().getStore();
}

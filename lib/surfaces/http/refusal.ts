import type { FailureOf } from "../../core/failure";

/** A refusal that the HTTP surface itself speaks, before any action is looked at. */
export type Refusal = FailureOf<"server.refused">;

/** Refuses a request with an HTTP status and a sentence. */
export function refuse(status: Refusal["status"], problem: string): Refusal {
  return { code: "server.refused", status, problem };
}

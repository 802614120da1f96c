"use client";

import { useCallback } from "react";
import { useLiveStatus } from "../state/queries";
import type { StatusDocument } from "../state/wire";

/** What becomes of a step that is added now: it starts at once, or later by itself, or waits until it is asked for. */
export type Joining = "now" | "later" | "asked";

/** What becomes of a new step that waits for these. */
export function joiningOf(status: StatusDocument, needs: readonly string[]): Joining {
  if (!status.takes_in || !status.engine.running) return "asked";
  const settled = new Set([
    ...status.steps.filter((step) => step.status === "DONE" && !step.stale).map(({ id }) => id),
    ...status.gates.filter((gate) => gate.status === "APPROVED").map(({ id }) => id),
  ]);
  return needs.every((id) => settled.has(id)) ? "now" : "later";
}

/** The same of how things stand at this moment. */
export function useJoining(needs: readonly string[]): Joining {
  const wanted = needs.join("\n");
  const pick = useCallback(
    (status: StatusDocument) => joiningOf(status, wanted === "" ? [] : wanted.split("\n")),
    [wanted],
  );
  return useLiveStatus(pick) ?? "asked";
}

/** Says beforehand that a new step is started without being asked about. */
export function JoiningNote({ joining }: { joining: Joining }) {
  if (joining === "asked") return null;
  return (
    <p className="form-note" role="status">
      {joining === "now"
        ? "A run of everything is under way: the step joins it and starts at once, without asking."
        : "A run of everything is under way: the step joins it and starts without asking, as soon as what it waits for is done."}
    </p>
  );
}

"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSession } from "./provider";
import { useStatus } from "./queries";
import { useView } from "./view";
import { standing } from "./vocabulary";
import type { InboxDocument, StatusDocument } from "./wire";

/** What a person can do something about, as the status tells it. */
export interface Waiting {
  /** Gates that ask for a decision. */
  gates: string[];
  /** Steps that failed, or that ask to be looked at. */
  steps: string[];
}

/** What waits for a person, in the order of the file. */
export function waitingOf(status: StatusDocument): Waiting {
  return {
    gates: status.gates.filter((gate) => standing(gate).tone === "human").map(({ id }) => id),
    // Nothing comes of trying again what is part of a run that was given up.
    steps: status.steps
      .filter((step) => !status.canceled && ["failed", "human"].includes(standing(step).tone))
      .map(({ id }) => id),
  };
}

const recordOf = (status: StatusDocument) => status.audit?.seq ?? 0;

/** The proposals that wait; asked for anew whenever something was recorded. */
export function useProposals(): InboxDocument["proposals"] {
  const { api } = useSession();
  const record = useStatus(recordOf);
  const refused = useView((view) => view.refusal !== null);
  const { data } = useQuery({
    queryKey: ["inbox", record],
    queryFn: api.inbox,
    // While the file can't be read, the server can't say what proposals would do.
    enabled: record !== undefined && !refused,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
  });
  return data?.proposals ?? none;
}

/** Proposals that somebody else waits for, and those that one asked the chat for oneself and left. */
export function partedProposals(proposals: InboxDocument["proposals"]) {
  return {
    asked: proposals.filter(({ surface }) => surface !== "chat"),
    left: proposals.filter(({ surface }) => surface === "chat"),
  };
}

const none: InboxDocument["proposals"] = [];

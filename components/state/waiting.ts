"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSession } from "./provider";
import { useStatus } from "./queries";
import { useView } from "./view";
import type { InboxDocument, StatusDocument } from "./wire";

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

"use client";

import { keepPreviousData, useIsFetching, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { isPast } from "../../lib/core/views/proposal";
import { useSession } from "./provider";
import { useStatus } from "./queries";
import { useView } from "./view";
import type { InboxDocument, StatusDocument } from "./wire";

/** An edit by hand is another revision before it is recorded. */
const lookOf = (status: StatusDocument) => `${status.audit?.seq ?? 0} ${status.revision}`;
const factOf = (status: StatusDocument) => `${status.run} ${status.seq}`;

/** Asks for the proposals anew whenever the run has gone on: what they would do may be another thing by that. For where they are looked at. */
export function useFreshProposals(): void {
  const client = useQueryClient();
  const fact = useStatus(factOf);
  const isAsking = useIsFetching({ queryKey: ["inbox"] }) > 0;
  const asked = useRef<string | undefined>(undefined);
  useEffect(() => {
    // An answer that was asked for before the fact says nothing of it: it is waited for, and asked again.
    if (isAsking || asked.current === fact) return;
    asked.current = fact;
    void client.invalidateQueries({ queryKey: ["inbox"] });
  }, [client, fact, isAsking]);
}

/** The proposals that wait; asked for anew whenever something was recorded or edited. */
export function useProposals(): InboxDocument["proposals"] {
  const { api } = useSession();
  const look = useStatus(lookOf);
  const refused = useView((view) => view.refusal !== null);
  const { data } = useQuery({
    queryKey: ["inbox", look],
    queryFn: api.inbox,
    // While the file can't be read, the server can't say what proposals would do.
    enabled: look !== undefined && !refused,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
  });
  return data?.proposals ?? none;
}

/**
 * Proposals that somebody else waits for, those that one asked the chat for oneself and left, and those that time has
 * passed by, about which nothing is to be decided.
 */
export function partedProposals(proposals: InboxDocument["proposals"]) {
  const open = proposals.filter((proposal) => !isPast(proposal));
  return {
    asked: open.filter(({ surface }) => surface !== "chat"),
    left: open.filter(({ surface }) => surface === "chat"),
    past: proposals.filter(isPast),
  };
}

const none: InboxDocument["proposals"] = [];

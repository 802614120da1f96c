"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSession } from "./provider";
import { useLiveStatus } from "./queries";
import { useView } from "./view";

/** What would be undone and done again now; undefined while nobody knows. Asked anew whenever the file has changed. */
export function useHistory() {
  const { api } = useSession();
  const revision = useLiveStatus((status) => status.revision);
  const refusal = useView((view) => view.refusal?.message ?? "");
  return useQuery({
    queryKey: ["history", revision, refusal],
    queryFn: api.history,
    enabled: revision !== undefined || refusal !== "",
    placeholderData: keepPreviousData,
    // The same text comes back by an undo, with another past.
    gcTime: 0,
    retry: false,
  }).data;
}

"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSession } from "./provider";
import { useLiveStatus } from "./queries";
import { useView } from "./view";

/** What is wrong with the workspace's files; asked anew whenever one of them has changed. */
export function useProblems() {
  const { api } = useSession();
  const revision = useLiveStatus((status) => `${status.revision} ${status.warnings.join("\n")}`);
  const refusal = useView((view) => view.refusal?.message ?? "");
  return useQuery({
    queryKey: ["problems", revision, refusal],
    queryFn: () => api.problems().then(({ problems }) => problems),
    enabled: revision !== undefined || refusal !== "",
    placeholderData: keepPreviousData,
    retry: false,
  });
}

"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSession } from "../state/provider";
import { useLiveStatus } from "../state/queries";
import { useView } from "../state/view";

/** How often a file that can't be read is looked at again: what is done to it meanwhile may change nothing that is pushed. */
const lookAgainMs = 2000;

/** What the text of a revision is kept under, while it can be read or while it is refused. */
export const fileTextKey = (revision: string | undefined, refusal: string | null) => [
  "text",
  revision,
  refusal,
];

/** The text of the definition as it stands in the file, also where it can't be read. */
export function useFileText() {
  const { api } = useSession();
  const revision = useLiveStatus((status) => status.revision);
  const refusal = useView((view) => view.refusal?.message ?? null);
  return useQuery({
    queryKey: fileTextKey(revision, refusal),
    queryFn: api.text,
    placeholderData: keepPreviousData,
    staleTime: refusal === null ? Number.POSITIVE_INFINITY : 0,
    refetchInterval: refusal === null ? false : lookAgainMs,
    retry: false,
  });
}

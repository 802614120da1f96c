"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { statusKey } from "./keys";
import { useSession } from "./provider";
import { useLiveStatus } from "./queries";
import { useView } from "./view";
import type { Problem, StatusDocument } from "./wire";

/** In a burst of edits only the last of them is asked about, but the longest one not put off for ever; in ms. */
const [settledMs, longestMs] = [100, 1000];
let asked = 0;
/** How many entries were in the audit log when it was last asked. */
let knownAt: number | undefined;

function settled(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const now = performance.now();
    const done = () => {
      asked = performance.now();
      resolve();
    };
    const timer = setTimeout(done, now - asked > longestMs ? 0 : settledMs);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** What is wrong with the workspace's files; asked anew whenever one of them has changed. */
export function useProblems() {
  const { api } = useSession();
  const revision = useLiveStatus((status) => `${status.revision} ${status.warnings.join("\n")}`);
  const refusal = useView((view) => view.refusal?.message ?? "");
  const recorded = useLiveStatus((status) => status.audit?.seq);
  const found = useQuery({
    queryKey: ["problems", revision, refusal],
    queryFn: async ({ signal, client }) => {
      await settled(signal);
      knownAt = client.getQueryData<StatusDocument>(statusKey)?.audit?.seq;
      return (await api.problems()).problems;
    },
    enabled: revision !== undefined || refusal !== "",
    placeholderData: keepPreviousData,
    retry: false,
  });
  const { refetch, isFetching } = found;
  const hasAny = (found.data?.length ?? 0) > 0;
  useEffect(() => {
    // What leaves the definition as it is may have mended one: a prompt, say, that was written after its step.
    if (hasAny && !isFetching && recorded !== knownAt) void refetch({ cancelRefetch: false });
  }, [recorded, hasAny, isFetching, refetch]);
  return found;
}

/** The place that keeps a file from being read, as `file:line`, and the file's own name; undefined while none is known. */
export interface FaultPlace {
  place: string;
  file: string;
  name: string;
}

/** The same of a list of problems: of a file that can't be read the first fault is what is wrong with it. */
export function faultPlace(
  problems: readonly Pick<Problem, "severity" | "file" | "line">[] | undefined,
): FaultPlace | undefined {
  const fault = problems?.find(({ severity }) => severity === "error");
  if (!fault?.file) return undefined;
  const { file, line } = fault;
  return { place: line === null ? file : `${file}:${line}`, file, name: file.replace(/^.*\//, "") };
}

import { skipToken, useQuery } from "@tanstack/react-query";
import { lastLines, tellingFirst } from "../inspector/last-lines";
import type { Stream } from "./dock";
import { useSession } from "./provider";
import type { AttemptOf, StepState } from "./wire";

const mostLines = 12;
const mostBytes = 8192;

/** The end of what a failed attempt said. */
interface LastWords {
  stream: Stream;
  text: string;
  isAll: boolean;
}

/** The attempt of a step that failed and after which none was made yet: of one that has failed, or waits to be tried again; else null. */
export function failedAttempt(
  run: string | null | undefined,
  { id, status, reason, attempt }: Pick<StepState, "id" | "status" | "reason" | "attempt">,
): AttemptOf | null {
  // A round of a loop has failed at nothing.
  const hasFailed = status === "FAILED" || (status === "RETRYING" && reason !== "loop");
  return run && hasFailed && attempt > 0 ? { run, step: id, attempt } : null;
}

/** What an attempt that has ended said last: on standard error, or on standard output where it said nothing there, of what was stopped the other way round; null where it said nothing at all. */
export function useLastWords(of: AttemptOf | null, isStopped: boolean) {
  const { api } = useSession();
  return useQuery<LastWords | null>({
    queryKey: ["last-words", of?.run, of?.step, of?.attempt, isStopped],
    queryFn:
      of === null
        ? skipToken
        : async () => {
            const { run, step: id, attempt } = of;
            for (const stream of tellingFirst(isStopped)) {
              const said = await api.logs({ run, id, attempt, stream, from: -mostBytes, limit: mostBytes });
              if (said.text.trim() !== "") return { stream, ...lastLines(said, mostLines) };
            }
            return null;
          },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

interface Stands {
  status: string;
  reason: string | null;
}

/** Whether a person ended a step: it did not fail by itself, and asks nothing of anybody. */
export const isStopped = ({ status, reason }: Stands): boolean => status === "FAILED" && reason === "stopped";

/** What a step's status is called for people. */
export const statusWord = (step: Stands): string => (isStopped(step) ? "STOPPED" : step.status);

/** How many steps stand in each, by what it is called, in the order in which they come. */
export function wordCounts(steps: readonly Stands[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const step of steps) {
    const word = statusWord(step);
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}

interface Stands {
  status: string;
  reason: string | null;
}

/** Whether a person ended a step: it did not fail by itself, and asks nothing of anybody. */
export const isStopped = ({ status, reason }: Stands): boolean => status === "FAILED" && reason === "stopped";

const underWay = ["RUNNING", "STOPPING"];
/** Whether a step was under way when the engine went: nobody watches it, and what became of it is not known. */
export const isLeft = ({ status, reason }: Stands): boolean =>
  reason === "engine.absent" && underWay.includes(status);

/** What a step's status is called for people. */
export function statusWord(step: Stands): string {
  if (isLeft(step)) return "UNKNOWN";
  return isStopped(step) ? "STOPPED" : step.status;
}

/** The steps of the newest run that are left without an engine; none of a run that is over. */
export function leftIn({
  open,
  steps,
}: {
  open: boolean;
  steps: readonly (Stands & { id: string })[];
}): string[] {
  return open ? steps.filter(isLeft).map(({ id }) => id) : [];
}

/** What is said of the steps that are left without an engine, without the way on. */
export function sayLeft(ids: readonly string[]): string {
  const shown = ids.slice(0, ids.length > 4 ? 3 : 4).map((id) => `'${id}'`);
  if (ids.length > shown.length) shown.push(`${ids.length - shown.length} more`);
  const names = shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
  return `${names} ${ids.length === 1 ? "was" : "were"} under way when the engine was last heard of; the engine is gone`;
}

/** How many steps stand in each, by what it is called, in the order in which they come. */
export function wordCounts(steps: readonly Stands[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const step of steps) {
    const word = statusWord(step);
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}

/** One thing that `doctor` looked at. */
export interface Check {
  name: string;
  state: "good" | "bad" | "missing";
  /** Whether ThreadOS can't work without it. */
  needed: boolean;
  detail: string;
  /** What to do about it. */
  hint?: string;
}

/** Whether nothing that is needed is amiss. */
export function isHealthy(checks: readonly Check[]): boolean {
  return checks.every((check) => check.state === "good" || !check.needed);
}

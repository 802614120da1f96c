import type { AuditRecord } from "../state/wire";

/** Who took a node out of the file, as the end of "… was removed"; undefined where the log does not say. `entries` are the newest, newest first, `revision` the one that it was first missing in. */
export function removedBy(
  entries: readonly Pick<
    AuditRecord,
    "action" | "actor" | "after" | "payload" | "result" | "surface" | "target"
  >[],
  id: string,
  revision: string | undefined,
): string | undefined {
  const done = entries.filter(({ result }) => result === "success");
  const entry =
    done.find(
      ({ action, target, payload }) =>
        (isRemoval(action) && target === id) ||
        callsIn(payload).some((call) => isRemoval(call.action) && call.input?.id === id),
    ) ?? done.find(({ after }) => after !== undefined && after === revision);
  if (entry === undefined) return undefined;
  return entry.action === "sequence.edited_outside"
    ? "by somebody who edited the file"
    : `by ${entry.actor} ${places[entry.surface] ?? `(${entry.surface})`}`;
}

const places: Record<string, string> = { cli: "in a shell", http: "on a page", mcp: "through MCP" };

const isRemoval = (action: string) => action === "step.rm" || action === "gate.rm";

const callsIn = (payload: unknown) => {
  const { calls } = (payload ?? {}) as { calls?: { action: string; input?: { id?: unknown } }[] };
  return Array.isArray(calls) ? calls : [];
};

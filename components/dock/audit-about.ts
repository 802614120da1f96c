import type { AuditRecord } from "../state/wire";

/** What an entry is about, in its row: of a proposal what it would do or did, since its id tells nobody; else its target. */
export function aboutOf({ action, target, payload }: Pick<AuditRecord, "action" | "target" | "payload">): {
  text: string;
  isWords: boolean;
} {
  const { summary } = (payload ?? {}) as { summary?: unknown };
  return /^(?:proposal\.|chat\.propose$)/.test(action) && typeof summary === "string" && summary !== ""
    ? { text: summary, isWords: true }
    : { text: target ?? "", isWords: false };
}

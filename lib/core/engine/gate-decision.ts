import type { Fact } from "./fact";

/** Something that was decided at a gate, or became of a decision. Times are ms since the epoch. */
export interface GateDecision {
  /** `voided`: what had been approved was not there any more. `reopened`: the work before the gate was done anew. */
  decision: "approved" | "rejected" | "blocked" | "voided" | "reopened";
  /** Nobody decides that an approval is void. */
  by: string | null;
  at: number;
  /** Why it was turned down. */
  reason?: string;
  /** The step that the work went back to. */
  back?: string;
  answers?: Record<string, boolean | number | string>;
  /** What made an approval void. */
  changed?: string[];
}

/** The decision that a fact tells of, with its gate; undefined of any other fact. */
function decisionIn(fact: Fact, at: number): { gate: string; decision: GateDecision } | undefined {
  switch (fact.type) {
    case "gate.approved": {
      const { gate, by, answers } = fact;
      return { gate, decision: { decision: "approved", by, at, ...(answers ? { answers } : {}) } };
    }
    case "gate.rejected": {
      const { gate, by, reason } = fact;
      const back = "back" in fact ? { back: fact.back } : {};
      return { gate, decision: { decision: "rejected", by, at, reason, ...back } };
    }
    case "gate.blocked":
      return { gate: fact.gate, decision: { decision: "blocked", by: fact.by, at } };
    case "gate.reopened":
      return { gate: fact.gate, decision: { decision: "reopened", by: fact.by, at } };
    case "gate.voided":
      return { gate: fact.gate, decision: { decision: "voided", by: null, at, changed: fact.changed } };
    default:
      return undefined;
  }
}

/** Notes a decision behind those before it. A fact that is read twice in a row is one, and only an approval becomes void. */
export function noteDecision(known: Map<string, readonly GateDecision[]>, fact: Fact, at: number): void {
  const found = decisionIn(fact, at);
  if (!found) return;
  const before = known.get(found.gate) ?? [];
  const last = before.at(-1);
  const { decision } = found.decision;
  if (last?.at === at && last.decision === decision) return;
  if (decision === "voided" && last?.decision !== "approved") return;
  known.set(found.gate, [...before, found.decision]);
}

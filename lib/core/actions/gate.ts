import { z } from "zod";
import { startNews, startsOn } from "../engine/exhibit";
import type { Fact } from "../engine/fact";
import { needMet } from "../engine/join";
import { unlockedBy } from "../engine/unlocked";
import { err, ok } from "../result";
import { checkFree, unknownGate } from "../sequence/ids";
import { settleAnswers } from "../sequence/questions";
import { Gate } from "../sequence/schema";
import { defineAction } from "./action";

const Id = z.string().describe("id of the gate");
const OneGate = z.strictObject({ id: Id });

/** Refuses a decision in a run that was given up: nothing comes of it there, and it is no wish for another run. */
export const inGivenUp = (id: string, decision: "approved" | "blocked" | "rejected") =>
  err({ code: "gate.not_ready", id, waitingFor: [], givenUp: decision });

export const gateInsert = defineAction({
  name: "gate.insert",
  title: "Add a gate",
  risk: "edit",
  input: Gate.extend({ id: Id }),
  positional: ["id"],
  summary: ({ id }) => `add gate ${id}`,
  target: ({ id }) => id,
  effect: {
    kind: "edit",
    apply: (sequence, input) => {
      const free = checkFree(sequence, input.id);
      if (!free.ok) return free;
      const gate = Object.fromEntries(Object.entries(input).filter(([, v]) => v !== undefined)) as Gate;
      return ok({ ...sequence, gates: [...(sequence.gates ?? []), gate] });
    },
  },
});

export const gateApprove = defineAction({
  name: "gate.approve",
  title: "Approve a gate",
  risk: "decide",
  input: OneGate.extend({
    answers: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .optional()
      .describe("an answer to one of its questions; may be given several times"),
  }),
  positional: ["id"],
  summary: ({ id }) => `approve gate ${id}`,
  target: ({ id }) => id,
  effect: {
    kind: "engine",
    request: ({ plan, run, isGivenUp, actor, exhibit }, { id, answers: given }) => {
      const node = plan.graph.nodes.get(id);
      if (node?.kind !== "gate") return unknownGate(plan.sequence, id);
      if (isGivenUp) return inGivenUp(id, "approved");
      if (run.gates.get(id)?.status === "APPROVED")
        return err({ code: "gate.already", id, status: "APPROVED" });
      const waitingFor = node.needs.filter((need) => !needMet(run, plan, need));
      if (waitingFor.length > 0) return err({ code: "gate.not_ready", id, waitingFor });
      const answers = settleAnswers(node.gate, given ?? {});
      if (!answers.ok) return answers;
      const shown = exhibit?.(id);
      const starts = startsOn(run, plan, id);
      const fact: Fact = {
        type: "gate.approved",
        gate: id,
        by: actor,
        ...(shown ? { shown: { ...shown, ...(starts.length > 0 ? { starts } : {}) } } : {}),
        ...(Object.keys(answers.value).length > 0 ? { answers: answers.value } : {}),
      };
      const news = startNews(run, plan, id);
      const about = { unlocks: unlockedBy(run, plan, id), ...(news.size > 0 ? { news } : {}) };
      return ok({ facts: [fact], pursued: [], starts: [], ...about, ...(shown ? { exhibit: shown } : {}) });
    },
  },
});

export const gateBlock = defineAction({
  name: "gate.block",
  title: "Block a gate",
  risk: "stop",
  input: OneGate,
  positional: ["id"],
  summary: ({ id }) => `block gate ${id}`,
  target: ({ id }) => id,
  effect: {
    kind: "engine",
    request: ({ plan, run, isGivenUp, actor }, { id }) => {
      if (plan.graph.nodes.get(id)?.kind !== "gate") return unknownGate(plan.sequence, id);
      if (isGivenUp) return inGivenUp(id, "blocked");
      if (run.gates.get(id)?.status === "BLOCKED")
        return err({ code: "gate.already", id, status: "BLOCKED" });
      const note = `what comes after '${id}' waits, and nobody is asked, until somebody approves it`;
      return ok({ facts: [{ type: "gate.blocked", gate: id, by: actor }], pursued: [], starts: [], note });
    },
  },
});

import { z } from "zod";
import { defineAction } from "./action";

const Id = z.string().describe("id of the proposal");

export const proposalApprove = defineAction({
  name: "proposal.approve",
  title: "Approve a proposal and carry it out",
  risk: "decide",
  input: z.strictObject({ id: Id }),
  positional: ["id"],
  summary: ({ id }) => `approve proposal ${id}`,
  target: ({ id }) => id,
  effect: { kind: "proposal", decision: "approve", id: (input) => input.id },
});

export const proposalReject = defineAction({
  name: "proposal.reject",
  title: "Turn a proposal down",
  risk: "stop",
  input: z.strictObject({ id: Id, reason: z.string().optional().describe("why; kept in the record") }),
  positional: ["id"],
  summary: ({ id }) => `reject proposal ${id}`,
  target: ({ id }) => id,
  effect: { kind: "proposal", decision: "reject", id: (input) => input.id },
});

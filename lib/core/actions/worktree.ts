import { z } from "zod";
import { defineAction } from "./action";

export const worktreeGc = defineAction({
  name: "worktree.gc",
  title: "Remove the worktrees of ended attempts that nothing needs any more",
  risk: ({ all }) => (all ? "remove" : "edit"),
  input: z.strictObject({
    all: z.boolean().optional().describe("those too that a fusion or an interrupted session may still need"),
  }),
  summary: ({ all }) =>
    all ? "remove the worktrees of all ended attempts" : "remove worktrees that nothing needs",
  effect: { kind: "worktrees", all: ({ all }) => all === true },
});

import { z } from "zod";
import { ok } from "../result";
import { defineAction } from "./action";

export const policyMode = defineAction({
  name: "policy.mode",
  title: "Switch between SAFE and POWER",
  risk: ({ mode }) => (mode === "POWER" ? "widen" : "narrow"),
  input: z.strictObject({
    mode: z
      .enum(["SAFE", "POWER"])
      .describe("SAFE asks before anything runs; POWER only before something is destroyed"),
  }),
  positional: ["mode"],
  summary: ({ mode }) => `switch to ${mode}`,
  effect: { kind: "policy", apply: (policy, { mode }) => ok({ ...policy, mode }) },
});

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
      .describe(
        "SAFE asks before anything runs; POWER only before something is destroyed or a shell is started",
      ),
  }),
  positional: ["mode"],
  summary: ({ mode }) => `switch to mode ${mode}`,
  effect: { kind: "policy", apply: (policy, { mode }) => ok({ ...policy, mode }) },
});

export const policySandbox = defineAction({
  name: "policy.sandbox",
  title: "Run every step in a sandbox, or as it comes",
  risk: ({ sandbox }) => (sandbox === "off" ? "widen" : "narrow"),
  input: z.strictObject({
    sandbox: z
      .enum(["required", "off"])
      .describe("required confines every step, and starts nothing where there is no sandbox"),
  }),
  positional: ["sandbox"],
  summary: ({ sandbox }) =>
    sandbox === "required"
      ? "run every step in a sandbox"
      : "run steps without a sandbox, but for those that ask for one",
  effect: { kind: "policy", apply: (policy, { sandbox }) => ok({ ...policy, sandbox }) },
});

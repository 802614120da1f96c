import { z } from "zod";
import { commandClasses } from "../../policy/command-class";
import { CommandRule, PolicyFile } from "../../policy/file";
import type { CommandVerdict } from "../../policy/judge-command";
import { ResourceLimits } from "../../policy/resources";
import { Command, SequencePolicy } from "../../sequence/schema";
import { count, span, tells } from "./tells";

const text = z.string();
const mode = z.enum(["SAFE", "POWER"]);
const rules = z.array(z.union([text, CommandRule]));

/** Answer of `policy.show`; null is no limit. */
export const PolicyShown = z.strictObject({
  mode,
  max_concurrent: count,
  max_fanout: count.nullable(),
  max_orchestrated: count.nullable(),
  timeout_default_ms: span.nullable(),
  stop_grace_ms: span,
  max_steps: count.nullable(),
  max_depth: count.nullable(),
  max_command_bytes: count,
  sandbox: z.enum(["required", "off"]),
  limits: ResourceLimits.nullable(),
  allowed_commands: rules.nullable(),
  allowed_cwd: z.array(text).nullable(),
  env_allow: z.array(text).nullable(),
  forbidden_patterns: z.array(text),
  confirmation_required: z.array(text),
  sources: z.record(text, text).describe("the tiers that each value comes from"),
  tiers: z.array(
    z.strictObject({
      name: text,
      path: text,
      present: z.boolean(),
      says: z.union([PolicyFile, SequencePolicy]),
    }),
  ),
  warnings: z.array(text),
});

const kind = z.enum(commandClasses);

const verdict = tells<CommandVerdict>()(
  z.strictObject({
    verdict: z.enum(["allow", "ask", "deny"]),
    rule: text,
    why: text,
    class: kind,
    class_rule: text,
  }),
);

/** Answer of `policy.explain`. */
export const CommandExplained = z.strictObject({
  command: Command.nullable(),
  ...verdict.shape,
  mode,
  executable: text.nullable(),
  cwd: text.nullable(),
});

/** Answer of `policy.test`. */
export const PolicyTried = z.strictObject({
  runs: count,
  unreadable: count.describe("runs beside those whose journal can't be read"),
  attempts: count,
  unknown: count.describe("attempts whose command can't be told any more"),
  asked: count,
  allowed: count,
  stopped: z.array(
    z.strictObject({
      run: text,
      step: text,
      attempt: count,
      command: Command.nullable(),
      class: kind,
      rule: text,
      why: text,
    }),
  ),
  mode,
});

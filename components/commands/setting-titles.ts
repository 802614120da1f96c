import { labelOf } from "../forms/label";

/** What is set of a step or gate, as a person would say it: `…` stands for its name. */
const ofNode: Readonly<Record<string, string>> = {
  model: "what … runs with",
  tty: "whether … has a terminal",
  depends_on: "what … waits for",
  cwd: "the folder that … runs in",
  env: "the environment variables of …",
  worktree: "what is done around the worktree of …",
  when: "when … is left out",
  join: "how … joins what it waits for",
  continue_on_error: "whether others go on if … fails",
  retry: "the retries of …",
  resume: "whether … waits for a usage limit",
  timeout_ms: "the timeout of …",
  idle_timeout_ms: "the idle timeout of …",
  group_id: "the group of …",
  fail_policy: "what a failure of … means for its group",
  fanout: "how many instances of … run",
  for_each: "the list that … runs for each item of",
  sequence: "the sequence that runs in place of …",
  with: "the parameters that … passes on",
  fusion_synth: "whether … joins candidates",
  fusion_candidates: "the candidates that … joins",
  watchdog_for: "the step that … watches",
  max_restarts: "how often … may restart what it watches",
  restart_after_ms: "the silence after which … restarts what it watches",
  orchestrator: "the step that owns …",
  on_success: "what runs only when … has ended well",
  on_failure: "what runs only when … has failed",
  finally: "what runs when … has ended at all",
  loop: "the rounds of …",
  idempotent: "whether … may be repeated without asking",
  sandbox: "whether … runs in a sandbox",
  network: "whether … gets the network",
  shows: "what … shows",
  expires_ms: "how long an approval at … holds",
};

/** What is set of the whole sequence. */
const ofAll: Readonly<Record<string, string>> = {
  name: "the name of the sequence",
  metadata: "the notes of the sequence",
  params: "the parameters of a run",
  "defaults.model": "what agents' steps run with by default",
  "defaults.timeout_ms": "the default timeout",
  "defaults.retry": "the default retries",
  "defaults.resume": "whether steps wait for a usage limit by default",
  "defaults.worktree": "what is done around worktrees by default",
  "policy.mode": "the mode that the sequence asks for",
  "policy.max_concurrent": "how many steps run at a time",
  "policy.timeout_default_ms": "the policy's default timeout",
  "policy.sandbox": "whether every step runs in a sandbox",
  "policy.max_fanout": "the most instances of one step",
  "policy.max_orchestrated": "the most steps that a boss may add",
  "policy.max_steps": "the most steps of a run",
  "policy.max_depth": "the most steps in a row",
  "policy.max_command_bytes": "the longest command",
  "policy.limits": "the limits of every process",
  "policy.allowed_commands": "the commands that may run",
  "policy.allowed_cwd": "the folders that steps may run in",
  "policy.forbidden_patterns": "the patterns that no command may hold",
  "policy.confirmation_required": "what is always asked about",
  "policy.env_allow": "the variables that steps may set",
};

/** What leads to the field of a step or gate, in the palette. */
export const titleOf = (key: string, node: string): string =>
  `Set ${(ofNode[key] ?? `the ${labelOf(key).toLowerCase()} of …`).replace("…", node)}…`;

/** What leads to a field of the whole sequence; `key` is as in `defaults.retry`. */
export const titleOfAll = (key: string): string =>
  `Set ${ofAll[key] ?? `the ${labelOf(key.replaceAll(".", " ")).toLowerCase()} of the sequence`}…`;

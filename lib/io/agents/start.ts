import { err, ok, type Result } from "../../core/result";
import { agentOf, modelOf } from "../../core/sequence/effective";
import type { Sequence, Step } from "../../core/sequence/schema";
import type { Adapter } from "./adapter";
import { findAdapter } from "./agent-files";
import { refuseAsked, refuseLed } from "./asked";
import { readPrompt, rejectedPrompt, resumedPrompt, writePrivate } from "./prompt";

/** A step as it is to be started: words, and for an agent its prompt and adapter. */
export interface StartLine {
  argv: string[];
  agent?: { adapter: Adapter; model: string | null; promptFile: string; resume: string | null };
}

/** What an agent step would run, with nothing written: for policy and for the question to the person. */
export function agentArgv(root: string, sequence: Sequence, step: Step, told?: string): Result<string[]> {
  const line = startLine(root, sequence, step, { promptFile: "prompt.md" });
  if (!line.ok) return line;
  if (told !== undefined) return ok(line.value.argv);
  const prompt = readPrompt(root, step);
  return prompt.ok ? ok(line.value.argv) : prompt;
}

/** The words a step is started with. */
export function startLine(
  root: string,
  sequence: Sequence,
  step: Step,
  given: { promptFile: string; resume?: string | undefined },
): Result<StartLine> {
  const { adapter: name, model } = agentOf(modelOf(sequence, step));
  if (name === "shell") {
    if (step.command === undefined) return err({ code: "step.no_command", id: step.id });
    return ok({ argv: typeof step.command === "string" ? ["/bin/sh", "-c", step.command] : step.command });
  }
  if (step.command !== undefined) return err({ code: "step.two_ways", id: step.id, agent: name });
  const found = findAdapter(`${root}/.threados`, name, step.id);
  if (!found.ok) return found;
  const adapter = found.value;
  const allowed = refuseAsked(adapter, process.env);
  if (!allowed.ok) return allowed;
  const led = refuseLed(root, adapter, step, process.env);
  if (!led.ok) return led;
  const resume = adapter.resumes ? given.resume : undefined;
  const words = adapter.args({ promptFile: given.promptFile, model, resume });
  const agent = { adapter, model: model ?? null, promptFile: given.promptFile, resume: resume ?? null };
  return ok({ argv: [adapter.executable, ...words], agent });
}

/** Copies the step's prompt to the file its agent reads, with why its work was sent back if it was. */
export function readyPrompt(root: string, step: Step, line: StartLine, rejection?: string): Result<null> {
  if (!line.agent) return ok(null);
  const prompt = readPrompt(root, step);
  if (!prompt.ok) return prompt;
  const text = line.agent.resume === null ? prompt.value : resumedPrompt(prompt.value);
  writePrivate(line.agent.promptFile, rejection === undefined ? text : rejectedPrompt(text, rejection));
  return ok(null);
}

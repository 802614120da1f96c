import type { LineReader } from "../../core/chat/reading";
import { err, ok, type Result } from "../../core/result";
import { grammar } from "./grammar";
import { addCommands, isGood, newProgram, type Parsed, usageFailure } from "./program";

/** Reads command lines that were not typed at a shell, by the very grammar that a typed one is read by; nothing is carried out. */
export async function lineReader(): Promise<LineReader> {
  let parsed: Parsed | undefined;
  const silent = { writeOut: () => undefined, writeErr: () => undefined };
  const program = newProgram("", true, silent);
  const calls = grammar.filter((spec) => spec.action !== undefined || spec.view !== undefined);
  await addCommands(program, calls, (found) => {
    parsed = found;
  });
  return (words) => {
    parsed = undefined;
    try {
      program.parse([...words], { from: "user" });
    } catch (error) {
      if (isGood(error)) return noCall("help and version are for the terminal");
      const failure = usageFailure(error, program, words);
      return failure.ok ? noCall("say which command") : failure;
    }
    const found = parsed as Parsed | undefined;
    if (found?.spec.action) return ok({ kind: "action", action: found.spec.action, input: found.input });
    if (found?.spec.view) return ok({ kind: "view", view: found.spec.view, input: found.input });
    return noCall("say which command");
  };
}

const noCall = (problem: string): Result<never> =>
  err({
    code: "input.invalid",
    problem,
    hint: "`seqctl --help` names the commands; a terminal takes all of them",
  });

import { maxAnswerChars } from "../../core/door";
import { thrownFailure } from "../../core/failure-thrown";
import { err, type Result } from "../../core/result";
import type { AttemptId } from "../../core/step-token";
import { linesOf } from "../line-stream";

/** A request as the engine hands it on. */
interface Asked {
  id: number;
  attempt: AttemptId;
  text: string;
}

/**
 * Answers what the engine hands on from its doors, line by line on standard input, until that ends: the engine has gone. An
 * answer is a line too, the request's number before it.
 */
export async function serveDoor(
  answer: (attempt: AttemptId, text: string) => Promise<Result<unknown>>,
): Promise<void> {
  const pending = new Set<Promise<void>>();
  for await (const line of linesOf(process.stdin)) {
    const asked = read(line);
    if (!asked) continue;
    const { id, attempt, text } = asked;
    const told = respond(id, () => answer(attempt, text)).finally(() => pending.delete(told));
    pending.add(told);
  }
  await Promise.all(pending);
}

/** One broken line is nobody's request, and ends nobody else's. */
function read(line: string): Asked | undefined {
  try {
    return JSON.parse(line) as Asked;
  } catch {
    process.stderr.write("a line that came through the door could not be read\n");
    return undefined;
  }
}

async function respond(id: number, answer: () => Promise<Result<unknown>>): Promise<void> {
  let said: string;
  try {
    said = JSON.stringify(await answer());
    if (said.length > maxAnswerChars)
      said = JSON.stringify(
        err({ code: "input.invalid", problem: "the answer is too large to be handed into a sandbox" }),
      );
  } catch (error) {
    said = JSON.stringify(err(thrownFailure(error)));
  }
  process.stdout.write(`${id} ${said}\n`);
}

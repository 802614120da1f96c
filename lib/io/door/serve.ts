import { createInterface } from "node:readline";
import { maxAnswerChars } from "../../core/door";
import { err, type Result } from "../../core/result";
import type { AttemptId } from "../../core/step-token";

/**
 * Answers what the engine hands on from its doors, line by line on standard input, until that ends: the engine has gone. An
 * answer is a line too, the request's number before it.
 */
export async function serveDoor(
  answer: (attempt: AttemptId, text: string) => Promise<Result<unknown>>,
): Promise<void> {
  const pending = new Set<Promise<void>>();
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, attempt, text } = JSON.parse(line) as { id: number; attempt: AttemptId; text: string };
    const told = respond(id, () => answer(attempt, text)).finally(() => pending.delete(told));
    pending.add(told);
  }
  await Promise.all(pending);
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
    said = JSON.stringify(err({ code: "internal", problem: String(error) }));
  }
  process.stdout.write(`${id} ${said}\n`);
}

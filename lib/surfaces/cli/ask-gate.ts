import { renderFailure } from "../../core/failure-table";
import { readAnswer } from "../../core/sequence/questions";
import type { Question } from "../../core/sequence/schema";
import type { GateShowDoc } from "../../runtime/gate-doc";
import type { Threados } from "../../threados";
import { safe } from "./paint";
import type { Answering } from "./say";
import { writeGate } from "./show-gate";

/** Prints what a gate shows, where the question about it is asked. */
export async function showGate(
  answering: Answering,
  threados: Threados,
  input: unknown,
): Promise<GateShowDoc | undefined> {
  const { id } = input as { id: string };
  const shown = await threados.query("gate.show", { id });
  if (!shown.ok) return undefined;
  const doc = shown.value as GateShowDoc;
  await writeGate(doc, answering, (text) => answering.shell.err(text));
  return doc;
}

/** Shows a gate and asks what it asks; the call's input with the answers, and the digest of what was shown. What was answered beforehand is not asked again. */
export async function askAtGate(
  answering: Answering,
  threados: Threados,
  input: unknown,
): Promise<{ input: unknown; seen: string | undefined }> {
  const doc = await showGate(answering, threados, input);
  const given = (input as { answers?: Record<string, unknown> }).answers ?? {};
  const open = doc?.questions.filter(({ id }) => !Object.hasOwn(given, id)) ?? [];
  const answers = { ...given, ...(await askQuestions(answering, open)) };
  const isAnswered = Object.keys(answers).length > 0;
  return { input: isAnswered ? { ...(input as object), answers } : input, seen: doc?.confirm };
}

/** Asks until each has an answer that fits; an empty one leaves out what may be left out, and the end of input (Ctrl-D) ends the asking. */
async function askQuestions(
  { shell, paint }: Answering,
  questions: readonly Question[],
): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const question of questions) {
    const isOptional = question.required === false;
    const about = question.options ?? (question.type === "text" ? [] : [question.type.replace("_", "/")]);
    const terms = [about.join(", "), isOptional ? "Enter leaves it out" : ""].filter(Boolean).join("; ");
    const asked = `${safe(question.ask ?? question.id)}${terms === "" ? "" : ` (${safe(terms)})`}`;
    for (;;) {
      const typed = await shell.ask(`${paint("magenta", "?")} ${asked} `);
      if (typed === undefined) return answers;
      if (typed.trim() === "") {
        if (isOptional) break;
        shell.err("  this one has to be answered; Ctrl-D ends it\n");
        continue;
      }
      const answer = readAnswer(question, typed);
      if (answer.ok) {
        answers[question.id] = typed.trim();
        break;
      }
      shell.err(`  ${safe(renderFailure(answer.failure).message)}\n`);
    }
  }
  return answers;
}

import type { FailureOf } from "../../core/failure";
import { renderFailure } from "../../core/failure-table";
import { readAnswer } from "../../core/sequence/questions";
import type { GateShowDoc } from "../../runtime/gate-doc";
import type { Threados } from "../../threados";
import { safeForTerminal } from "./paint";
import type { Answering } from "./say";
import { gateText } from "./show-gate";

const safe = (text: string) => safeForTerminal(text, false);

/** Prints what a gate shows, where the question about it is asked; the digest of it. */
export async function showGate(
  answering: Answering,
  threados: Threados,
  input: unknown,
): Promise<string | undefined> {
  const { id } = input as { id: string };
  const shown = await threados.query("gate.show", { id });
  if (!shown.ok) return undefined;
  const doc = shown.value as GateShowDoc;
  answering.shell.err(gateText(doc, answering));
  return doc.digest;
}

/** Asks a gate's questions until each has an answer that fits; an empty one ends the asking. */
export async function askQuestions(
  answering: Answering,
  threados: Threados,
  { id, questions }: FailureOf<"gate.unanswered">,
): Promise<Record<string, string>> {
  const { shell, paint } = answering;
  await showGate(answering, threados, { id });
  const answers: Record<string, string> = {};
  for (const question of questions) {
    const about = question.options ?? (question.type === "text" ? [] : [question.type.replace("_", "/")]);
    const choice = about.length > 0 ? ` (${safe(about.join(", "))})` : "";
    for (;;) {
      const typed = await shell.ask(
        `${paint("magenta", "?")} ${safe(question.ask ?? question.id)}${choice} `,
      );
      if (typed.trim() === "") return answers;
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

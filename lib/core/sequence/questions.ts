import { nearestOrAll } from "../nearest";
import { err, ok, type Result } from "../result";
import { checkId, shown } from "./ids";
import type { Gate, Question, Sequence } from "./schema";

/** What a gate's question was answered with. */
export type Answer = boolean | number | string;

const maxChars = 4096;

/** What is wrong with a question, and with which key of it. */
interface Fault {
  key: "id" | "options";
  problem: string;
}

/** Questions that contradict themselves, or others of their gate. */
export function* questionFaults(
  sequence: Sequence,
): Generator<{ index: number; at: number; gate: string } & Fault> {
  for (const [index, gate] of (sequence.gates ?? []).entries()) {
    const seen = new Set<string>();
    for (const [at, question] of (gate.questions ?? []).entries()) {
      for (const fault of faultsOf(question, seen)) yield { index, at, gate: gate.id, ...fault };
      seen.add(question.id);
    }
  }
}

function* faultsOf({ id, type, options }: Question, seen: Set<string>): Generator<Fault> {
  if (!checkId(id).ok)
    yield { key: "id", problem: `'${shown(id)}' is no id: letters, digits, _ and -, up to 64` };
  else if (seen.has(id)) yield { key: "id", problem: `'${id}' is asked twice` };
  if ((type === "choice") !== (options !== undefined))
    yield {
      key: "options",
      problem: options === undefined ? "a choice needs options to choose from" : "options belong to a choice",
    };
  const twice = options?.find((option, at) => options.indexOf(option) !== at);
  if (twice !== undefined)
    yield { key: "options", problem: `the option '${shown(twice)}' stands there twice` };
}

const wanted = ({ type, options }: Question): string => {
  if (type === "choice") return `one of ${(options ?? []).join(", ")}`;
  if (type === "number") return "a number";
  return type === "text" ? `a text of up to ${maxChars} characters` : "yes or no";
};

/** An answer as its question's type has it; a text that is none is undefined. */
function read({ type, options }: Question, given: Answer): Answer | undefined {
  const text = String(given).trim();
  switch (type) {
    case "choice":
      return options?.includes(text) ? text : undefined;
    case "number":
      return /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
    case "text":
      return text !== "" && text.length <= maxChars && !text.includes("\0") ? text : undefined;
    default:
      if (/^(?:y|yes|true)$/i.test(text)) return true;
      return /^(?:n|no|false)$/i.test(text) ? false : undefined;
  }
}

/** One answer, as its question's type has it; a refusal says what is wanted. */
export function readAnswer(question: Question, given: Answer): Result<Answer> {
  const answer = read(question, given);
  const problem = `the answer to '${question.id}' must be ${wanted(question)}`;
  return answer === undefined
    ? err({ code: "input.invalid", problem, hint: `give it with --answer ${question.id}=…` })
    : ok(answer);
}

/** The answers to a gate's questions; refused if one is missing that must be given, or answers nothing. */
export function settleAnswers(gate: Gate, given: Record<string, Answer>): Result<Record<string, Answer>> {
  const questions = gate.questions ?? [];
  const names = questions.map(({ id }) => id);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const hint = nearestOrAll(unknown, names, "it asks", "nothing");
    return err({ code: "input.invalid", problem: `gate '${gate.id}' asks no '${unknown}'`, hint });
  }
  const open = questions.filter(({ id, required }) => required !== false && !Object.hasOwn(given, id));
  if (open.length > 0) return err({ code: "gate.unanswered", id: gate.id, questions: open });
  const answers: Record<string, Answer> = {};
  for (const question of questions) {
    if (!Object.hasOwn(given, question.id)) continue;
    const answer = readAnswer(question, given[question.id] as Answer);
    if (!answer.ok) return answer;
    answers[question.id] = answer.value;
  }
  return ok(answers);
}

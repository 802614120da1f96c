import { type Clause, textOf } from "./clause";
import { listOf } from "./nodes";
import { readCommand, readDuration, readNumber } from "./values";

/** A key of a step that a sentence can set: how it is called, and how its value is read. */
export interface Key {
  words: string;
  field: string;
  read: (clause: Clause, value: string) => unknown;
  expects: string;
}

const ms = (_: Clause, value: string) => readDuration(value);
const whole = (_: Clause, value: string) => {
  const number = readNumber(value);
  return number !== undefined && Number.isInteger(number) ? number : undefined;
};
// A quoted text with words around it has something that was not understood.
const text = (clause: Clause, value: string) =>
  /«\d+»/.test(value) && !/^«\d+»$/.test(value) ? undefined : textOf(clause, value);

/** The keys, the more particular words first. */
export const keys: readonly Key[] = [
  {
    words: "idle time ?-?out",
    field: "idle_timeout_ms",
    read: ms,
    expects: "a length of time, such as 5 minutes",
  },
  {
    words: "time ?-?outs?|time limit|maximum time|max time|max duration|deadline",
    field: "timeout_ms",
    read: ms,
    expects: "a length of time, such as 5 minutes",
  },
  {
    words: "retries|retry limit|number of retries|retry count|retry",
    field: "retry",
    read: (clause, value) => {
      const limit = whole(clause, value.replace(/ (?:retries|times|tries)$/i, ""));
      return limit === undefined || limit < 0 ? undefined : { limit };
    },
    expects: "a number, such as 2",
  },
  { words: "priority", field: "priority", read: whole, expects: "a whole number, such as 10" },
  {
    words: "command|cmd|script|command line",
    field: "command",
    read: (clause, value) => readCommand(textOf(clause, value)),
    expects: "a command",
  },
  { words: "display name|name|title|label", field: "name", read: text, expects: "a text" },
  { words: "description", field: "description", read: text, expects: "a text" },
  {
    words: "model|agent",
    field: "model",
    read: textOf,
    expects: "an agent, such as claude-code",
  },
  {
    words: "working directory|working folder|working dir|work ?dir|cwd|directory|folder|dir",
    field: "cwd",
    read: text,
    expects: "a path in the workspace",
  },
  {
    words: "tags?",
    field: "tags",
    read: (clause, value) => listOf(clause.world, value).map((tag) => textOf(clause, tag)),
    expects: "words",
  },
  { words: "concurrency group", field: "concurrency_group", read: text, expects: "a word" },
  { words: "fan-?out|instances|copies", field: "fanout", read: whole, expects: "a number from 1 to 50" },
  { words: "condition|when", field: "when", read: text, expects: "an expression" },
  {
    words: "join",
    field: "join",
    read: (_, value) => /^(?:all|any|none_failed)$/.exec(value)?.[0],
    expects: "all, any or none_failed",
  },
];
/** All the words for keys, for patterns. */
export const allKeys = keys.map(({ words }) => words).join("|");

/** The key that is called so. */
export const keyNamed = (words: string): Key | undefined =>
  keys.find((key) => new RegExp(`^(?:${key.words})$`, "i").test(words));

/** Whether a value is a sentence: whatever it holds is part of it. */
export const isProse = ({ field }: Key): boolean => field === "description" || field === "when";

/** A value as an example. */
export const exampleOf = ({ expects }: Key) =>
  /such as (.+)$/.exec(expects)?.[1] ?? (expects.startsWith("all") ? "all" : '"…"');

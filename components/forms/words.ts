import type { Command } from "../../lib/core/sequence/schema";

type CommandValue = NonNullable<(typeof Command)["_output"]>;

/** What only a shell understands; a line that holds it can't be started as plain words. */
const shellOnly = /[|&;<>`$*?~\n]|\(|\)/;

/** A line as a command: its words where it is plain, the line itself where only a shell can read it; undefined if a quote is left open. */
export function readCommand(line: string): CommandValue | undefined {
  const text = line.trim();
  if (text.startsWith("[")) return readList(text);
  const words = splitWords(text);
  if (words === undefined) return undefined;
  return shellOnly.test(stripQuoted(text)) ? text : words;
}

/** A command as a line that reads back as the same. */
export function writeCommand(command: CommandValue | undefined): string {
  if (command === undefined) return "";
  if (typeof command === "string") return command;
  const line = command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quote(word))).join(" ");
  const back = readCommand(line);
  // A field for text makes other line ends of this one; as JSON it is written with signs that stay.
  return !line.includes("\r") &&
    Array.isArray(back) &&
    back.length === command.length &&
    back.every((word, i) => word === command[i])
    ? line
    : JSON.stringify(command);
}

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
const stripQuoted = (text: string) =>
  text.replace(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/g, (all) => (/^".*[`$]/s.test(all) ? "$" : ""));

function readList(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.every((word) => typeof word === "string")) return value as string[];
  } catch {
    // Not JSON (yet): the form says what is expected.
  }
  return undefined;
}

/** The words of a line, with quotes and backslashes as a shell reads them. */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quoted: "'" | '"' | undefined;
  for (let at = 0; at < line.length; at++) {
    const sign = line[at] as string;
    if (sign === "\\" && quoted !== "'") {
      const next = line[at + 1];
      if (next === undefined) return undefined;
      // Within double quotes a backslash stands for itself before most signs.
      word = (word ?? "") + (quoted && !/["\\$`]/.test(next) ? `\\${next}` : next);
      at += 1;
    } else if (quoted) {
      if (sign === quoted) quoted = undefined;
      else word += sign;
    } else if (sign === "'" || sign === '"') {
      quoted = sign;
      word ??= "";
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + sign;
  }
  if (quoted) return undefined;
  return word === undefined ? words : [...words, word];
}

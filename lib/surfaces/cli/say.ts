import type { Failure, Place } from "../../core/failure";
import { renderFailure } from "../../core/failure-table";
import { type Paint, safe } from "./paint";
import type { Shell } from "./shell";

/** How one command line wants to be answered. */
export interface Answering {
  shell: Shell;
  json: boolean;
  yes: boolean;
  dir: string;
  paint: Paint;
}

/** Prints the one JSON document of a command. */
export function sayJson(answering: Answering, value: unknown): void {
  answering.shell.out(`${JSON.stringify(value)}\n`);
}

/** Says a refusal where it belongs and returns its exit code. */
export function sayFailure(answering: Answering, failure: Failure): number {
  const { exit, message, hint, body } = renderFailure(failure);
  if (answering.json) {
    sayJson(answering, body);
    return exit;
  }
  const { paint, shell } = answering;
  const lines = failure.place ? [`${paint("dim", at(failure.place))}`] : [];
  const word = exit === 3 ? paint("magenta", "waits") : paint("red", exit === 70 ? "bug" : "error");
  lines.push(`${word} ${safe(message)}`, ...caret(failure.place, paint));
  if (hint) lines.push(`${paint("dim", " hint")} ${safe(hint)}`);
  shell.err(`${lines.join("\n")}\n`);
  return exit;
}

function at(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`;
}

/** The source line with a caret below the place. */
function caret(place: Place | undefined, paint: Paint): string[] {
  if (place?.excerpt === undefined) return [];
  const number = String(place.line);
  const gutter = " ".repeat(number.length);
  const marks = "^".repeat(Math.max(1, Math.min(place.length ?? 1, 60)));
  const before = safe(place.excerpt.slice(0, place.column - 1)).replace(/[^\t]/g, " ");
  return [
    `  ${paint("dim", `${number} |`)} ${safe(place.excerpt)}`,
    `  ${paint("dim", `${gutter} |`)} ${before}${paint("red", marks)}`,
  ];
}

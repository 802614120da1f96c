import * as fs from "node:fs";
import { join, sep } from "node:path";
import { err, ok, type Result } from "../../core/result";
import { promptPathOf } from "../../core/sequence/effective";
import type { Step } from "../../core/sequence/schema";
import { readIfThere } from "../files/atomic";

const maxBytes = 1024 * 1024;

/** The text of a step's prompt file, relative to `.threados`; the file may be a link, but must stand inside the workspace. */
export function readPrompt(root: string, step: Step): Result<string> {
  const shown = `.threados/${promptPathOf(step)}`;
  const path = join(root, ".threados", promptPathOf(step));
  let real: string;
  try {
    real = fs.realpathSync(path);
  } catch {
    return err({ code: "prompt.missing", id: step.id, path: shown });
  }
  if (!real.startsWith(root + sep))
    return err({ code: "prompt.unusable", id: step.id, path: shown, problem: "leads out of the workspace" });
  const read = readIfThere(real, maxBytes);
  if (read === undefined) return err({ code: "prompt.missing", id: step.id, path: shown });
  if ("problem" in read)
    return err({ code: "prompt.unusable", id: step.id, path: shown, problem: read.problem });
  const text = read.bytes.toString("utf8");
  return text.trim() === ""
    ? err({ code: "prompt.unusable", id: step.id, path: shown, problem: "is empty" })
    : ok(text);
}

/** The prompt for an agent that goes on with a session of its own. */
export function resumedPrompt(text: string): string {
  return `You were interrupted while working on the task below. Go on where you left off; don't repeat what is done.\n\n${text}`;
}

/** The prompt for an agent whose work a person has sent back; what the person wrote is quoted line by line. */
export function rejectedPrompt(text: string, reason: string): string {
  const quoted = reason.split("\n").map((line) => `> ${line}`);
  return `${text.trimEnd()}\n\nYour earlier work on this was looked at and sent back, for this reason:\n\n${quoted.join("\n")}\n`;
}

/** Writes a prompt to a new file that only this user can read. */
export function writePrivate(path: string, text: string): void {
  fs.rmSync(path, { force: true });
  fs.writeFileSync(path, text, { mode: 0o600, flag: "wx" });
}

import * as fs from "node:fs";
import { join } from "node:path";
import { writeAtomic } from "../files/atomic";
import { panesFolder } from "./map";

/** Tells a step's pane what to show: an attempt under way by its number, or a text. False if the pane does not listen (yet). */
export function wakePane(
  folder: string,
  step: string,
  what: { attempt: number } | { text: string },
): boolean {
  const at = panesFolder(folder);
  let fd: number;
  try {
    fd = fs.openSync(join(at, `${step}.wake`), fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
  } catch {
    return false;
  }
  try {
    if ("text" in what) writeAtomic(join(at, `${step}.text`), what.text, 0o600);
    fs.writeSync(fd, "text" in what ? "show\n" : `attach ${what.attempt}\n`);
    return true;
  } catch {
    return false;
  } finally {
    fs.closeSync(fd);
  }
}

import * as fs from "node:fs";
import { basename, resolve } from "node:path";
import { findWorkspace } from "../files/place";
import { argvOf, canSeeProcesses } from "./tree";

const isSeqctl = (word: string) => /^seqctl(?:\.[cm]?[jt]s)?$/.test(basename(word));

/** The subcommand of a `seqctl`'s argv, and the folder it was told to work in. */
function readArgv(argv: readonly string[]): { words: string[]; dir: string } | undefined {
  const at = argv.findIndex(isSeqctl);
  if (at < 0) return undefined;
  const words: string[] = [];
  let dir = ".";
  for (let i = at + 1; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === "-C") dir = argv[++i] ?? dir;
    else if (word.startsWith("-C")) dir = word.slice(2);
    else if (!word.startsWith("-")) words.push(word);
  }
  return { words, dir };
}

/** Whether the process is a `seqctl engine run` of the workspace in that folder; a reused pid never is, nor what only has such a word in its argv. */
export function isEngineOf(pid: number, root: string): boolean {
  const argv = argvOf(pid);
  if (!argv) return false;
  if (!canSeeProcesses) {
    const line = argv[0] ?? "";
    const isRun = /(?:^|[\s/])seqctl(?:\.[cm]?[jt]s)? .*\bengine run\b/.test(` ${line}`);
    return isRun && (line.includes(`-C ${root} `) || !line.includes(" -C "));
  }
  const read = readArgv(argv.map((word) => Buffer.from(word, "latin1").toString("utf8")));
  if (read?.words[0] !== "engine" || read.words[1] !== "run") return false;
  try {
    const found = findWorkspace(resolve(fs.readlinkSync(`/proc/${pid}/cwd`), read.dir));
    return found.ok && found.value === fs.realpathSync(root);
  } catch {
    // Another user's, or gone meanwhile, or where nothing can be looked for.
    return false;
  }
}

import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { Refusal } from "./step.mjs";

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

// The repository's own configuration must not start programs, open the network or change what is printed.
const SAFE_FLAGS = [
  ...["core.fsmonitor=false", "core.hooksPath=/dev/null", "protocol.allow=never", "log.showSignature=false"],
  ...["log.diffMerges=off", "log.follow=false", "i18n.logOutputEncoding=UTF-8", "blame.ignoreRevsFile="],
].flatMap((setting) => ["-c", setting]);

// A caller that is itself a git hook has variables set which would point git at another repository.
const FOREIGN = /^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|NAMESPACE|PREFIX|EXTERNAL_DIFF)$/;

function options() {
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !FOREIGN.test(key)));
  return {
    maxBuffer: MAX_OUTPUT_BYTES,
    env: { ...env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", GIT_NO_LAZY_FETCH: "1" },
  };
}

/** What git prints, or a refusal with git's own first line. */
export function git(...args) {
  try {
    return execFileSync("git", [...SAFE_FLAGS, ...args], {
      ...options(),
      stdio: ["ignore", "pipe", "pipe"],
    }).toString();
  } catch (error) {
    if (error.code === "ENOENT") throw new Refusal("git is not installed");
    const [line] = String(error.stderr ?? error.message)
      .trim()
      .split("\n");
    throw new Refusal(`git ${args[0]}: ${line.replace(/^fatal: /, "")}`);
  }
}

/** What git prints, trimmed, or null where it has no answer. */
export function ask(...args) {
  try {
    return git(...args).trim() || null;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/**
 * When each of the lines of a file was last changed, as a map from line number to seconds since 1970. Lines that
 * are not committed are left out, as are those older than what a shallow clone knows.
 */
export async function lineTimes(path, lines, shallow) {
  const ranges = lines.flatMap((line) => ["-L", `${line},${line}`]);
  const args = ["blame", "--no-textconv", "--line-porcelain", ...ranges, "--", path];
  // A file that was only just added has no history to ask about.
  const nothing = () => ({ stdout: "" });
  const { stdout } = await promisify(execFile)("git", [...SAFE_FLAGS, ...args], options()).catch(nothing);
  const times = new Map();
  let current = null;
  for (const row of stdout.split("\n")) {
    const header = /^([0-9a-f]{40,64}) \d+ (\d+)/.exec(row);
    if (header) current = /^0+$/.test(header[1]) ? null : Number(header[2]);
    else if (current !== null && row.startsWith("committer-time ")) times.set(current, Number(row.slice(15)));
    else if (current !== null && shallow && row === "boundary") times.delete(current);
  }
  return times;
}

import { homedir, tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";

type Env = NodeJS.ProcessEnv;

/** Where the user tells ThreadOS something: rules, agents, secrets, who answers in the chat. */
export function configFolder(env: Env = process.env): string {
  return folderOf(env, "XDG_CONFIG_HOME", ".config");
}

/** Where something is remembered for the user: no repository and no sandboxed step reaches it. */
export function stateFolder(env: Env = process.env): string {
  return folderOf(env, "XDG_STATE_HOME", ".local/state");
}

/** Where something is kept that can be made again, or is moved on soon. */
export function userCacheFolder(env: Env = process.env): string {
  return folderOf(env, "XDG_CACHE_HOME", ".cache");
}

/** A path that is not absolute counts for nothing, as XDG has it: it would be another folder wherever one stands, a repository's too. */
function folderOf(env: Env, variable: string, below: string): string {
  const given = env[variable];
  const base = given && isAbsolute(given) ? given : join(env.HOME || homedir() || tmpdir(), below);
  return join(base, "threados");
}

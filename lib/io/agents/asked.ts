import * as fs from "node:fs";
import { resolve, sep } from "node:path";
import { type AgentEntry, type Grant, grantDigits } from "../../core/agents/agents-file";
import { leadsElsewhere } from "../../core/policy/classify";
import { err, ok, type Result } from "../../core/result";
import type { Step } from "../../core/sequence/schema";
import { sha256, sha256InPieces } from "../files/digest";
import { isPassed } from "../process/environment";
import type { Adapter } from "./adapter";

/**
 * What an agent of a workspace's agents.yaml would be handed of the user's environment without the user having said so: what it
 * names, and where it puts another program in the place of the agent that it extends, that agent's keys.
 */
export function askedOf(
  root: string,
  name: string,
  entry: AgentEntry,
  base: Adapter | undefined,
  grants: readonly Grant[],
): ReturnType<NonNullable<Adapter["asked"]>> {
  const inherited = entry.executable === undefined ? [] : (base?.env ?? []);
  const env = [...new Set([...(entry.env ?? []), ...inherited])].filter((each) => !isPassed(each));
  if (env.length === 0) return undefined;
  const digest = digestOf(root, name, entry);
  const grant = grants.find((each) => each.agent === name && each.digest === digest);
  const left = env.filter((each) => !grant?.env.includes(each));
  return left.length === 0 ? undefined : { env: left, digest };
}

/** A refusal where what is asked for is there to be had; what is not set can't be handed to anybody. */
export function refuseAsked({ name, ...adapter }: Adapter, given: NodeJS.ProcessEnv): Result<null> {
  const asked = adapter.asked?.();
  const there = (asked?.env ?? []).filter((each) => given[each] !== undefined);
  if (!asked || there.length === 0) return ok(null);
  return err({
    code: "policy.denied",
    rule: "agents.yaml env",
    problem: `the workspace's agents.yaml wants to hand ${there.join(", ")} of your environment to its agent '${name}', and you have not allowed it`,
    hint: `look at what '${name}' starts; ${wayToAllow(name, asked.env, asked.digest)}`,
  });
}

/** What of an agent's variables opens something; a name such as `…_OUTPUT_TOKENS` is a setting. */
const key = /(?:KEY|TOKEN|TOKEN_BEDROCK|CREDENTIALS|HEADERS|PROFILE|SECRET|PASSWORD)$/;
/** Becomes a part of an address; a plain word leads nowhere else. */
const part = /_(?:REGION|LOCATION)$/;
const isPlain = (value: string) => /^[A-Za-z0-9-]*$/.test(value);

/**
 * A refusal where a step's own `env` would lead its agent elsewhere (another address, another program, another one to
 * trust) with a key of the user's environment. A key that the step brings itself is its own to send.
 */
export function refuseLed(
  root: string,
  { name, env, grants = [] }: Adapter,
  step: Step,
  given: NodeJS.ProcessEnv,
): Result<null> {
  const set = Object.entries(step.env ?? {}).filter(
    ([each, value]) => leadsElsewhere(each) || (part.test(each) && !isPlain(value)),
  );
  const keys = env.filter((each) => key.test(each) && given[each] && step.env?.[each] === undefined);
  if (set.length === 0 || keys.length === 0) return ok(null);
  const digest = digestOfWords(
    root,
    name,
    set.sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const grant = grants.find((each) => each.agent === name && each.digest === digest);
  const left = set.map(([each]) => each).filter((each) => !grant?.env.includes(each));
  if (left.length === 0) return ok(null);
  const names = set.map(([each]) => each);
  return err({
    code: "policy.denied",
    rule: "agents.yaml env",
    problem: `step '${step.id}' sets ${left.join(", ")}, which can lead its agent '${name}' elsewhere with ${keys.join(", ")} of your environment, and you have not allowed it`,
    hint: `look at what its \`env\` says; ${wayToAllow(name, names, digest)}`,
  });
}

// Quoted: a digest of digits alone would be a number.
const wayToAllow = (name: string, env: readonly string[], digest: string) =>
  `if you agree, write \`- {agent: "${name}", env: [${env.join(", ")}], digest: "${digest}"}\` below \`allow_env:\` in ~/.config/threados/agents.yaml, which is yours alone`;

/** Of what the variables say, and of the files of the workspace that they name. */
function digestOfWords(root: string, name: string, said: readonly (readonly [string, string])[]): string {
  const words = new Set(said.flatMap(([, value]) => [value, ...value.split(/[\s=:,;]+/)]));
  const files = [...words].map((word) => [word, contentOf(root, word)]);
  return sha256(JSON.stringify([name, said, files])).slice(0, grantDigits);
}

/** Of all that the entry says, and of the files of the workspace that it names: a later pull may bring others. */
function digestOf(root: string, name: string, entry: AgentEntry): string {
  const words = [entry.executable ?? "", ...(entry.args ?? []), ...(entry.version_args ?? [])];
  const files = [...new Set(words)].map((word) => [word, contentOf(root, word)]);
  const said = Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify([name, said, files])).slice(0, grantDigits);
}

function contentOf(root: string, word: string): string | null {
  const path = resolve(root, word);
  if (word === "" || !path.startsWith(root + sep)) return null;
  let fd: number | undefined;
  try {
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    return fs.fstatSync(fd).isFile() ? sha256InPieces(pieces(fd)) : null;
  } catch {
    return null;
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

function* pieces(fd: number): Generator<Uint8Array> {
  const buffer = Buffer.alloc(1024 * 1024);
  for (let read = fs.readSync(fd, buffer); read > 0; read = fs.readSync(fd, buffer))
    yield buffer.subarray(0, read);
}

import { isSecret, scrubbed } from "../audit/scrub";
import type { Place } from "../failure";
import { secretIn } from "./effective";
import type { Sequence, Step } from "./schema";

/** Whether a variable of a step's `env` seems to hold a secret itself, where it should say `secret:NAME`. */
const isInClear = (name: string, value: string) => secretIn(value) === undefined && isSecret(name, value);

/** What is given for a step's variables, with what stands there for each that was only shown as `•••`. */
export function keptEnv(given: Record<string, string>, now: Step["env"] = {}): Record<string, string> {
  const kept = (name: string, value: string) => (value === scrubbed ? (now[name] ?? value) : value);
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, kept(name, value)]));
}

/** A variable that seems to hold a secret in clear. */
export interface ClearSecret {
  step: string;
  name: string;
  path: (string | number)[];
}

/** Variables that seem to hold secrets in clear; those that `before` holds alike are known already. */
export function clearSecrets({ steps }: Sequence, before?: Sequence): ClearSecret[] {
  const known = new Map((before?.steps ?? []).map((step) => [step.id, step.env ?? {}]));
  return (steps ?? []).flatMap(({ id, env = {} }, index) =>
    Object.entries(env)
      .filter(([name, value]) => isInClear(name, value) && known.get(id)?.[name] !== value)
      .map(([name]) => ({ step: id, name, path: ["steps", index, "env", name] })),
  );
}

/** What is said of one, with where it stands. */
export function warningOfSecret({ step, name }: ClearSecret, place?: Place): string {
  const at = place === undefined ? "" : `${place.file}:${place.line}:${place.column}: `;
  return `${at}step '${step}', env.${name} looks like a secret in clear, which anybody who reads the file has; write \`${name}: "secret:${name}"\` and keep the value in THREADOS_SECRET_${name} or in ~/.config/threados/secrets/${name}`;
}

const mostListed = 20;

/** The first so many that are listed, and what is said of the others. */
export function listedSecrets(secrets: readonly ClearSecret[]): { listed: ClearSecret[]; more?: string } {
  const left = secrets.length - mostListed;
  if (left <= 0) return { listed: [...secrets] };
  const more = `and ${left} more ${left === 1 ? "variable of a step that looks like a secret" : "variables of steps that look like secrets"} in clear`;
  return { listed: secrets.slice(0, mostListed), more };
}

/** What is said of many, each with where it stands if there is a text to find it in. */
export function warningsOfSecrets(
  secrets: readonly ClearSecret[],
  locate?: (path: ClearSecret["path"]) => Place,
): string[] {
  const { listed, more } = listedSecrets(secrets);
  const warnings = listed.map((secret) => warningOfSecret(secret, locate?.(secret.path)));
  return more === undefined ? warnings : [...warnings, more];
}

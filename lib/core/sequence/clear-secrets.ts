import { scrubbed, scrubText } from "../audit/scrub";
import type { Place } from "../failure";
import type { Json } from "../json";
import type { SequenceDiff } from "./diff";
import { secretIn } from "./effective";
import type { Sequence, Step } from "./schema";

const telling =
  /(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|(?:^|_)(?:PASS|(?:API|ACCESS|PRIVATE)?KEY))$/i;

/** Whether a variable of a step's `env` seems to hold a secret itself, where it should say `secret:NAME`. */
function isInClear(name: string, value: string): boolean {
  if (value === "" || secretIn(value) !== undefined) return false;
  return telling.test(name) || scrubText(value, []) !== value;
}

/** A step's variables as they may be shown: `•••` for each that seems to hold a secret. */
function shownEnv(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, isInClear(name, value) ? scrubbed : value]),
  );
}

/** A step as it may be shown. */
export function shownStep(step: Step): Step {
  return step.env === undefined ? step : { ...step, env: shownEnv(step.env) };
}

/** A step's lines of the file as they may be shown. */
export function shownLinesOf({ env = {} }: Step, yaml: string): string {
  const secrets = Object.entries(env).flatMap(([name, value]) => (isInClear(name, value) ? [value] : []));
  const lines = secrets.flatMap((value) => [value, JSON.stringify(value).slice(1, -1), ...value.split("\n")]);
  return lines.length === 0
    ? yaml
    : lines
        .map((line) => line.trim())
        .filter((line) => line !== "")
        .sort((a, b) => b.length - a.length)
        .reduce((text, line) => withoutValue(text, line), scrubText(yaml, []));
}

/** Only behind a key, an indent or a quote: a short value may be part of any other word. */
function withoutValue(yaml: string, value: string): string {
  const literal = value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const short = new RegExp(`(:\\s+["']?|^\\s+)${literal}(?=["']?\\s*(?:$|[,}#]))`, "gm");
  return value.length < 6 ? yaml.replace(short, `$1${scrubbed}`) : yaml.replaceAll(value, scrubbed);
}

/** A difference as it may be shown; that a secret changed can still be seen. */
export function shownDiff<D extends SequenceDiff>(diff: D): D {
  const shown = (env: Json) =>
    typeof env === "object" && env !== null && !Array.isArray(env)
      ? shownEnv(env as Record<string, string>)
      : env;
  const nodes = diff.nodes.map((node) => ({
    ...node,
    fields: node.fields.map((change) =>
      change.field === "env"
        ? { field: "env", before: shown(change.before), after: shown(change.after) }
        : change,
    ),
  }));
  return { ...diff, nodes };
}

/** What is given for a step's variables, with what stands there for each that was only shown as `•••`. */
export function keptEnv(given: Record<string, string>, now: Step["env"] = {}): Record<string, string> {
  const kept = (name: string, value: string) =>
    value === scrubbed && now[name] !== undefined && isInClear(name, now[name]) ? now[name] : value;
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

import * as fs from "node:fs";
import { join } from "node:path";
import type { Json } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { secretIn } from "../core/sequence/effective";
import { configFolder } from "./files/user-folders";

const named = /(?:^|_)(?:PASSWORD|PASSWD|SECRET|TOKEN|APIKEY|API_KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?)$/i;
/** A whole value that refers to a secret, in a text that could not be read as a sequence. */
const references = /:\s*["']?secret:([A-Za-z_][A-Za-z0-9_]*)["']?\s*(?=$|[,}#])/gm;
const maxBytes = 64 * 1024;
const forOthers = 0o077;

/** What references were resolved to in this process: never shown or recorded by it. */
const resolved = new Set<string>();

/** Where a secret's file stands; `~` is written out only when it is read. */
export function secretPath(name: string, env: NodeJS.ProcessEnv = process.env): string {
  return join(configFolder(env), "secrets", name);
}

/** The value of a secret: from the environment (of this process), else from its file. From here on it is known as one. */
export function resolveSecret(name: string, env: NodeJS.ProcessEnv = process.env): Result<string> {
  const given = env[`THREADOS_SECRET_${name}`] ?? env[name];
  const value = given === undefined ? fromFile(name, secretPath(name, env)) : ok(given);
  if (value.ok) keepUnseen(value.value);
  return value;
}

/** From here on the value is known as a secret: never shown or recorded by this process. */
export function keepUnseen(value: string): void {
  for (const form of formsOf(value)) resolved.add(form);
}

function fromFile(name: string, path: string): Result<string> {
  const refuse = (problem: string) => err({ code: "input.invalid", problem });
  let file: number | undefined;
  try {
    file = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
    const stat = fs.fstatSync(file);
    if (!stat.isFile() || stat.size > maxBytes)
      return refuse(`secret:${name} can't be used: ${path} is no file of at most ${maxBytes} bytes`);
    if ((stat.mode & forOthers) !== 0)
      return refuse(`secret:${name} can't be used: ${path} is open to others; chmod 600 it`);
    return ok(fs.readFileSync(file, "utf8").replace(/\r?\n$/, ""));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      return refuse(
        `secret:${name} can't be used: ${path} can't be read (${(error as NodeJS.ErrnoException).code})`,
      );
    return refuse(
      `secret:${name} is nowhere: set THREADOS_SECRET_${name} where the engine is started, or write it to ${path} (mode 600)`,
    );
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

/** As it is, as JSON writes it, and each line of one that has several. */
function formsOf(value: string): string[] {
  return [value, JSON.stringify(value).slice(1, -1), ...value.split(/\r?\n/)].filter(
    (form) => form.length >= 6,
  );
}

/** A step's variables with references replaced by what they stand for. */
export function withSecrets(env: Readonly<Record<string, string>>): Result<Record<string, string>> {
  const own: Record<string, string> = {};
  for (const [key, value] of Object.entries(env)) {
    const name = secretIn(value);
    const secret = name === undefined ? ok(value) : resolveSecret(name);
    if (!secret.ok) return secret;
    if (secret.value.includes("\0"))
      return err({ code: "input.invalid", problem: `secret:${name} holds a NUL byte` });
    own[key] = secret.value;
  }
  return ok(own);
}

/** Names of the secrets that a broken definition seems to refer to. */
export function secretsNamedIn(text: string): string[] {
  return [...text.matchAll(references)].map(([, name]) => name as string);
}

/** Values that must not be shown: of environment variables with telling names, and of the secrets of these names; longest first, so that none hides in another. */
export function knownSecrets(names: readonly string[] = []): string[] {
  for (const name of names) resolveSecret(name);
  const values = Object.entries(process.env).flatMap(([name, value]) =>
    (named.test(name) || name.startsWith("THREADOS_SECRET_")) && value && value.length >= 6
      ? formsOf(value)
      : [],
  );
  return [...new Set([...values, ...resolved])].sort((a, b) => b.length - a.length);
}

/** A value without what references were resolved to. */
export function withoutSecrets(value: Json): Json {
  if (resolved.size === 0) return value;
  const known = [...resolved].sort((a, b) => b.length - a.length);
  const clean = (text: string) => known.reduce((all, secret) => all.replaceAll(secret, "•••"), text);
  const walk = (part: Json): Json => {
    if (typeof part === "string") return clean(part);
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [clean(key), walk(item)]));
  };
  return walk(value);
}

/** The secrets of that name that can't be had here, each with why and what to do. */
export function missingSecrets(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const found = resolveSecret(name);
    return found.ok ? [] : [(found.failure as { problem: string }).problem];
  });
}

import { join } from "node:path";
import { z } from "zod";
import { renderFailure } from "../../core/failure-table";
import { saidOf } from "../../core/issue";
import { err, ok, type Result } from "../../core/result";
import { decodeSource, locate, readSource } from "../../core/sequence/source";
import { readIfThere } from "../files/atomic";
import { configFolder } from "../files/user-folders";
import { keepUnseen, resolveSecret, secretPath } from "../secrets";

/** Whatever can answer in the chat. */
const providers = ["offline", "anthropic", "openai", "claude-code", "codex"] as const;

const price = z.number().min(0).max(10_000).optional();

/** The user's own `chat.yaml`. */
const ChatFile = z.strictObject({
  version: z.literal(1).optional(),
  provider: z.enum(providers),
  model: z.string().min(1).max(200).optional(),
  base_url: z
    .string()
    .max(2000)
    .regex(/^https?:\/\/[^\s@]+$/, "must be an http or https address without a name or password in it")
    .optional(),
  key: z
    .string()
    .regex(/^(?:env|secret):[A-Za-z_][A-Za-z0-9_]*$/, "must be env:NAME or secret:NAME, never the key itself")
    .optional(),
  max_tokens: z.int().min(64).max(200_000).optional(),
  /** USD for a million tokens. */
  price: z.strictObject({ input: price, output: price, cache_read: price, cache_write: price }).optional(),
});

type ChatFile = z.infer<typeof ChatFile>;

/** A provider as it is to be used. */
export interface ChatConfig extends ChatFile {
  /** The key's value; undefined where none is set. */
  secret: string | undefined;
}

/** Where the file stands: with the user's own settings, never in a repository, which could send requests and key elsewhere. */
export function chatFilePath(env: NodeJS.ProcessEnv): string {
  return join(configFolder(env), "chat.yaml");
}

/** Reads the user's choice of a model; without the file nothing ever leaves the machine. */
export function readChatConfig(env: NodeJS.ProcessEnv): Result<ChatConfig> {
  const read = readFile(env);
  if (read.ok || !("place" in read.failure) || read.failure.place === undefined) return read;
  // The faulty line may be the one in which somebody wrote the key itself.
  const { excerpt: _, ...place } = read.failure.place;
  return err({ ...read.failure, place });
}

function readFile(env: NodeJS.ProcessEnv): Result<ChatConfig> {
  const path = chatFilePath(env);
  const read = readIfThere(path, 64 * 1024);
  if (read === undefined) return ok({ provider: "offline", secret: undefined });
  if ("problem" in read) return err({ code: "file.unreadable", path, problem: read.problem });
  const text = decodeSource(read.bytes, path);
  if (!text.ok) return text;
  const value = readSource(text.value, path);
  if (!value.ok) return value;
  const parsed = ChatFile.safeParse(value.value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const at = (issue?.path ?? []).filter((part) => typeof part !== "symbol");
    const key = issue?.code === "unrecognized_keys" ? [...at, issue.keys[0] ?? ""] : at;
    return err({
      code: "chat.invalid",
      where: key.join(".") || "the whole",
      problem: issue?.code === "unrecognized_keys" ? "is no key of chat.yaml" : saidOf(issue),
      hint: "docs/files.md lists the keys of chat.yaml",
      place: locate(text.value, path, key, "value"),
    });
  }
  return withSecret(parsed.data, env);
}

const usual: Record<string, string> = { anthropic: "env:ANTHROPIC_API_KEY", openai: "env:OPENAI_API_KEY" };

function withSecret(file: ChatFile, env: NodeJS.ProcessEnv): Result<ChatConfig> {
  const reference = file.key ?? usual[file.provider];
  if (reference === undefined) return ok({ ...file, secret: undefined });
  const name = reference.slice(reference.indexOf(":") + 1);
  const value = reference.startsWith("secret:") ? stored(name, env) : ok(env[name] || undefined);
  if (!value.ok) return value;
  const secret = value.value;
  // A server of one's own may want no key at all.
  if (secret === undefined && (file.key !== undefined || file.base_url === undefined))
    return err({
      code: "chat.invalid",
      where: "key",
      problem: `the environment variable ${name} is not set`,
      hint: `set ${name} where seqctl is started, or use provider: offline`,
    });
  // Whatever its variable is called: a server may repeat the key in what it answers.
  if (secret !== undefined) keepUnseen(secret);
  return ok({ ...file, secret });
}

/** A key kept as steps' secrets are. Of what is wrong with it the name is told, never the value. */
function stored(name: string, env: NodeJS.ProcessEnv): Result<string | undefined> {
  const refuse = (problem: string) =>
    err({
      code: "chat.invalid",
      where: "key",
      problem,
      hint: `write the key alone into ${secretPath(name, env)}, mode 600`,
    });
  const found = resolveSecret(name, env);
  if (!found.ok) return refuse(renderFailure(found.failure).message);
  // It goes into a header, and a header that can't be made would be told of with what stands in it.
  return /^[!-~]{1,8192}$/.test(found.value) ? found : refuse(`secret:${name} holds no key of one line`);
}

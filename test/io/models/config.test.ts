import { afterEach, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { chatFilePath, readChatConfig } from "../../../lib/io/models/config";
import { costOf } from "../../../lib/io/models/cost";
import { retryAfterMs } from "../../../lib/io/models/retry";
import { knownSecrets } from "../../../lib/io/secrets";
import { scratch, sweep } from "../../rig/scratch";
import { refusal, value } from "../../rig/sequence";

afterEach(sweep);

/** The environment of a user whose chat.yaml says that. */
function userWith(text: string | undefined, more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const env = { HOME: scratch(), ...more } as unknown as NodeJS.ProcessEnv;
  if (text === undefined) return env;
  const path = chatFilePath(env);
  fs.mkdirSync(join(path, ".."), { recursive: true });
  fs.writeFileSync(path, text);
  return env;
}

test("without a file nobody is asked but the rules, whatever keys there are", () => {
  const env = userWith(undefined, { ANTHROPIC_API_KEY: "a-key-that-lies-about", OPENAI_API_KEY: "another" });
  expect(value(readChatConfig(env))).toEqual({ provider: "offline", secret: undefined });
});

test("the key is taken from the variable that the file names", () => {
  const env = userWith("provider: anthropic\nkey: env:MY_KEY\nmodel: m\n", { MY_KEY: "the-key" });
  expect(value(readChatConfig(env))).toMatchObject({ provider: "anthropic", model: "m", secret: "the-key" });
  expect(value(readChatConfig(userWith("provider: openai\n", { OPENAI_API_KEY: "k" })))).toMatchObject({
    secret: "k",
  });
});

test("a server of one's own needs no key", () => {
  const env = userWith("provider: openai\nbase_url: http://127.0.0.1:11434/v1\nmodel: llama\n");
  expect(value(readChatConfig(env)).secret).toBeUndefined();
});

test("XDG_CONFIG_HOME says where the file stands", () => {
  expect(chatFilePath({ XDG_CONFIG_HOME: "/x", HOME: "/h" } as never)).toBe("/x/threados/chat.yaml");
  expect(chatFilePath({ HOME: "/h" } as never)).toBe("/h/.config/threados/chat.yaml");
  expect(chatFilePath({ XDG_CONFIG_HOME: "in/a/repository", HOME: "/h" } as never)).toBe(
    "/h/.config/threados/chat.yaml",
  );
});

test.each([
  ["provider: somebody\n", "chat.invalid"],
  ["model: m\n", "chat.invalid"],
  ["provider: anthropic\n", "chat.invalid"],
  ["provider: anthropic\nkey: sk-abcdefghijklmnopqrstuvwx\n", "chat.invalid"],
  ["provider: anthropic\nkey: secret:NOT_THERE\n", "chat.invalid"],
  ["provider: anthropic\nkey: env:NOT_THERE\nbase_url: http://127.0.0.1:1\n", "chat.invalid"],
  ["provider: openai\nbase_url: http://name:word@example.org\n", "chat.invalid"],
  ["provider: openai\nbase_url: file:///etc/passwd\n", "chat.invalid"],
  ["provider: offline\ncolour: red\n", "chat.invalid"],
  ["provider: [\n", "sequence.syntax"],
])("%j is refused", (text, code) => {
  expect(refusal(readChatConfig(userWith(text)))).toBe(code);
});

test("a key that stands in the file itself is not repeated in the refusal", () => {
  const read = readChatConfig(userWith("provider: anthropic\nkey: sk-abcdefghijklmnopqrstuvwx\n"));
  expect(JSON.stringify(read)).not.toContain("sk-abc");
  const torn = readChatConfig(userWith('provider: anthropic\nkey: "sk-abcdefghijklmnopqrstuvwx\n'));
  expect([refusal(torn), JSON.stringify(torn).includes("sk-abc")]).toEqual(["sequence.syntax", false]);
});

/** A user who keeps that in the file of the secret MY_MODEL. */
function keeping(text: string, mode = 0o600): NodeJS.ProcessEnv {
  const env = userWith("provider: anthropic\nkey: secret:MY_MODEL\n");
  const folder = join(chatFilePath(env), "../secrets");
  fs.mkdirSync(folder);
  fs.writeFileSync(join(folder, "MY_MODEL"), text, { mode });
  return env;
}

test("a key that is kept as a secret is taken from its file, or from the environment, which comes first", () => {
  const env = keeping("kept-in-a-file\n");
  expect(value(readChatConfig(env)).secret).toBe("kept-in-a-file");
  expect(value(readChatConfig({ ...env, THREADOS_SECRET_MY_MODEL: "from-outside" })).secret).toBe(
    "from-outside",
  );
  for (const secret of ["kept-in-a-file", "from-outside"]) expect(knownSecrets()).toContain(secret);
});

test.each([
  ["is open to others", "kept-but-shown-to-all\n", 0o644],
  ["has several lines", "kept-in-line-one\nkept-in-line-two\n", 0o600],
  ["is empty", "", 0o600],
])("a secret whose file %s is no key, and the refusal names it without its value", (_, text, mode) => {
  const read = readChatConfig(keeping(text, mode));
  expect(refusal(read)).toBe("chat.invalid");
  expect(JSON.stringify(read)).toContain("secret:MY_MODEL");
  expect(JSON.stringify(read)).not.toContain("kept-");
});

test("a key from a variable of any name is known as a secret from then on", () => {
  value(readChatConfig(userWith("provider: openai\nkey: env:PLAIN\n", { PLAIN: "a-key-called-plain" })));
  expect(knownSecrets()).toContain("a-key-called-plain");
});

test("cost is told by the prices that were named, and not guessed", () => {
  const tokens = { input: 1_000_000, output: 100_000, cacheRead: 2_000_000, cacheWrite: 0 };
  const priced = {
    provider: "anthropic",
    secret: undefined,
    price: { input: 3, output: 15, cache_read: 0.3 },
  } as const;
  expect(costOf(priced, tokens)).toBeCloseTo(5.1);
  expect(costOf({ provider: "anthropic", secret: undefined }, tokens)).toBeNull();
});

test.each([
  [{ "retry-after": "7" }, 7000],
  [{ "retry-after-ms": "250", "retry-after": "9" }, 250],
  [{ "retry-after": "Thu, 01 Jan 1970 00:00:10 GMT" }, 9000],
  [{ "retry-after": "soon" }, undefined],
  [{}, undefined],
])("%j asks to wait %s ms", (headers, ms) => {
  expect(retryAfterMs(new Headers(headers as Record<string, string>), 1000)).toBe(ms as number);
});

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { scrubbed, scrubJson, scrubText } from "../../../lib/core/audit/scrub";
import type { Json } from "../../../lib/core/json";
import { clearSecrets } from "../../../lib/core/sequence/clear-secrets";
import { holds } from "../rig/holds";

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const random = (length: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength: length, maxLength: length });

/** Secrets by the look of them, each with a body nobody could guess. */
const kinds: Record<string, fc.Arbitrary<string>> = {
  "OpenAI key": random(24).map((body) => `sk-${body}`),
  "Anthropic key": random(40).map((body) => `sk-ant-api03-${body}`),
  "Stripe key": random(24).map((body) => `sk_live_${body}`),
  "GitHub token": random(36).map((body) => `ghp_${body}`),
  "GitHub app token": random(36).map((body) => `ghs_${body}`),
  "GitHub fine-grained token": random(60).map((body) => `github_pat_${body}`),
  "GitLab token": random(20).map((body) => `glpat-${body}`),
  "npm token": random(36).map((body) => `npm_${body}`),
  "Hugging Face token": random(34).map((body) => `hf_${body}`),
  "Slack token": random(24).map((body) => `xoxb-${body}`),
  "AWS key id": random(16).map((body) => `AKIA${body.toUpperCase()}`),
  "Google key": random(35).map((body) => `AIza${body}`),
  "Google access token": random(40).map((body) => `ya29.${body}`),
  JWT: fc.tuple(random(20), random(30), random(43)).map(([a, b, c]) => `eyJ${a}.eyJ${b}.${c}`),
  "private key": random(64).map(
    (b) => `-----BEGIN RSA PRIVATE KEY-----\n${b}\n-----END RSA PRIVATE KEY-----`,
  ),
  "private key without its end": random(64).map((b) => `-----BEGIN PRIVATE KEY-----\n${b}`),
};

describe("a secret that looks like one is replaced wherever it stands:", () => {
  test.each(Object.entries(kinds))("%s", (_, kind) => {
    holds(
      fc.property(kind, fc.constantFrom("", "see ", '{"a":"', "x=", "(", "\n"), (secret, before) => {
        const clean = scrubText(`${before}${secret} after`, []);
        expect(clean).toContain(scrubbed);
        for (const part of secret.split(/[-_.\s]/)) if (part.length > 12) expect(clean).not.toContain(part);
      }),
      30,
    );
  });
});

describe("a secret behind its name is replaced:", () => {
  test.each([
    ["password=hunter2", "password=•••"],
    ["PASSWORD = hunter2, and more", "PASSWORD = •••, and more"],
    ["my_token: abc", "my_token: •••"],
    ['{"api_key":"abc","x":1}', '{"api_key":"•••","x":1}'],
    ["{'client-secret': 'a b c'}", "{'client-secret': '•••'}"],
    ['password="my pass word" rest', 'password="•••" rest'],
    ['password="with \\" inside" rest', 'password="•••" rest'],
    ['"{\\"token\\":\\"abc\\"}"', '"{\\"token\\":\\"•••\\"}"'],
    ['password="never closed', 'password="•••'],
    ["DB_PASSPHRASE=x&y=1", "DB_PASSPHRASE=•••&y=1"],
    ["https://host/?access_key=abc&page=2", "https://host/?access_key=•••&page=2"],
    ["Authorization: Bearer abcdefghij", "Authorization: Bearer •••"],
    ["authorization: Basic dXNlcjpwYXNz", "authorization: Basic •••"],
    ["token: Bearer abcdefghij", "token: ••• •••"],
    ["postgres://me:pa55@db/x", "postgres://me:•••@db/x"],
    ["redis://:pa55@cache:6379", "redis://:•••@cache:6379"],
    ["curl --token abc --user-password 'x y' -v", "curl --token ••• --user-password '•••' -v"],
    ["--api-key --verbose", "--api-key --verbose"],
  ])("%s", (text, clean) => {
    expect(scrubText(text, [])).toBe(clean);
  });
});

describe("what is no secret stays:", () => {
  test.each([
    "secret:API_KEY",
    "token: secret:API_KEY, next",
    'env {"TOKEN":"secret:API_KEY"}',
    "--token secret:API_KEY",
    "the basic idea, authentication, tokens, a key and a lock",
    "https://example.com:8080/a@b",
    '["npm","test"]',
    "a monkey",
  ])("%s", (text) => {
    expect(scrubText(text, [])).toBe(text);
  });

  test("but `secret:` is only a reference where it stands by itself", () => {
    expect(scrubText("client-secret:hunter2", [])).toBe("client-secret:•••");
    expect(scrubText("secret: hunter2", [])).toBe("secret: •••");
    expect(scrubText("token=secret:A+b/c", [])).toBe("token=•••");
  });
});

describe("a known value", () => {
  test("is replaced wherever it stands, whole even if it begins with another", () => {
    expect(scrubText("a hunter2 b hunter2-more c", ["hunter2", "hunter2-more"])).toBe("a ••• b ••• c");
  });

  test("never survives, unless it is too short to be told from a word", () => {
    holds(
      fc.property(fc.array(random(8), { minLength: 1 }), fc.string(), fc.string(), (known, before, after) => {
        const clean = scrubText(
          known.reduce((text, value) => `${text}${value} ${after}`, before),
          known,
        );
        for (const value of known) expect(clean).not.toContain(value);
      }),
    );
    expect(scrubText("a word", ["word"])).toBe("a word");
  });
});

describe("what is warned about as a secret in clear", () => {
  const part = fc.constantFrom("DB", "SIGNING", "SORT", "PUBLIC", "API", "MY", "x");
  const last = fc.constantFrom(
    "PASS",
    "KEY",
    "TOKEN",
    "SECRET",
    "COOKIE",
    "CREDENTIALS",
    "pass",
    "key",
    "NAME",
  );
  const name = fc
    .tuple(fc.array(part, { maxLength: 2 }), last)
    .map(([parts, end]) => [...parts, end].join("_"));
  const value = fc.oneof(random(9), random(24), fc.constantFrom("token=abcdef", "secret:API_KEY", ""));

  test("is hidden wherever a value is recorded, and in most texts", () => {
    holds(
      fc.property(name, value, (name, value) => {
        const steps = [{ id: "a", command: ["true"], env: { [name]: value } }];
        const found = clearSecrets({ version: 1, name: "n", steps }).length > 0;
        const shown = scrubJson({ env: { [name]: value } }, []) as { env: Record<string, string> };
        expect(Object.values(shown.env)[0] === value).toBe(!found);
      }),
    );
    expect(scrubText("DB_PASS: hunter2xyz", [])).toBe("DB_PASS: •••");
    expect(scrubText("SIGNING_KEY: kkkkk, COOKIE=abc", [])).toBe("SIGNING_KEY: •••, COOKIE=•••");
  });

  test.each(["SORT_KEY: created_at", "PUBLIC_KEY: abc", "PASS: test/one", "12 pass", "BYPASS: no"])(
    "is not what everybody knows: %s",
    (text) => {
      expect(scrubText(text, [])).toBe(text);
    },
  );
});

describe("in a value", () => {
  test("what stands under a name of a secret goes, whatever it looks like and however deep", () => {
    const given = {
      env: { GITHUB_TOKEN: "abc", DB_PASSWORD: "secret:DB", PATH: "/bin", MAX_TOKENS: "8" },
      githubToken: "abc",
      "x-api-key": "abc",
      Authorization: "abc",
      password: 1234,
      private_key: ["one", { two: "three", on: true }],
      empty: { token: "" },
      nothing: { token: null },
    };
    expect(scrubJson(given, [])).toEqual({
      env: { GITHUB_TOKEN: scrubbed, DB_PASSWORD: "secret:DB", PATH: "/bin", MAX_TOKENS: "8" },
      githubToken: scrubbed,
      "x-api-key": scrubbed,
      Authorization: scrubbed,
      password: scrubbed,
      private_key: [scrubbed, { two: scrubbed, on: true }],
      empty: { token: "" },
      nothing: { token: null },
    });
  });

  test("the word behind a flag that names a secret goes", () => {
    const command = ["curl", "--api-token", "abc", "-v", "--password", "secret:PW", "--token=abc"];
    expect(scrubJson({ command }, [])).toEqual({
      command: ["curl", "--api-token", scrubbed, "-v", "--password", "secret:PW", `--token=${scrubbed}`],
    });
  });

  test("keys are scrubbed too, and the given value is left alone", () => {
    const given: Json = { "hunter2-key": ["hunter2", 1, true, null] };
    const copy = structuredClone(given);
    expect(scrubJson(given, ["hunter2"])).toEqual({ "•••-key": [scrubbed, 1, true, null] });
    expect(given).toEqual(copy);
  });
});

const fragment = fc.oneof(
  fc.constantFrom(
    ...'password token secret: key= api_key : = " \' \\ \\" , & Bearer Basic authorization: https:// @ me:pw@h --token -- secret:NAME \n ••• eyJ sk-'.split(
      " ",
    ),
  ),
  fc.constantFrom(" ", "x", "hunter2", scrubbed),
  random(20),
);

test("scrubbing what is scrubbed changes nothing", () => {
  holds(
    fc.property(fc.array(fragment, { maxLength: 20 }), (parts) => {
      const once = scrubText(parts.join(""), ["hunter2"]);
      expect(scrubText(once, ["hunter2"])).toBe(once);
    }),
    2000,
  );
});

test("odd quoting behind a flag leaves nothing of the value", () => {
  expect(scrubText('--token\n\\""aaaaaaaaaaaaaaaaaaaa', [])).not.toContain("aaaa");
});

test("a megabyte of text made to be hard is no trap", () => {
  for (const part of [
    "eyJ-",
    "a-",
    "key ",
    "bearer ",
    "--a-",
    "-----BEGIN PRIVATE KEY-----",
    'key="',
    "a://b:",
    "\\",
  ])
    expect(scrubText(part.repeat(1_000_000 / part.length), []).length).toBeGreaterThan(0);
});

import { afterEach, describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import type { Step } from "../../lib/core/sequence/schema";
import { type ModelServer, type Scripted, startModelServer } from "../rig/model-server";
import { works } from "../rig/sandbox";
import { cleanUp, Workspace } from "../rig/workspace";

/**
 * The real programs from npm against a server on loopback that speaks their providers' protocols. Each is skipped where
 * it is not installed; `THREADOS_TEST_CLAUDE=/path/to/claude` (…_CODEX, …_OPENCODE, …_GEMINI) names one that is not on
 * the PATH. None is a dependency of the project.
 */
const programs = { claude: "claude-code", codex: "codex", opencode: "opencode", gemini: "gemini" } as const;
type Program = keyof typeof programs;

// Without a model of its own Gemini asks another one first which to take, by a protocol the server does not speak.
const modelOf = (program: Program) => (program === "gemini" ? "gemini:gemini-2.5-flash" : programs[program]);

const pathOf = (program: Program) =>
  process.env[`THREADOS_TEST_${program.toUpperCase()}`] ?? Bun.which(program) ?? undefined;

let server: ModelServer | undefined;
afterEach(async () => {
  await cleanUp();
  await server?.stop();
});

/** A workspace whose HOME and environment lead the program to the server and nowhere else. */
async function prepare(program: Program, script: Scripted[], steps: Step[]) {
  server = startModelServer(script);
  const { url } = server;
  const at = await Workspace.make({ steps: steps.map((step) => ({ model: modelOf(program), ...step })) });
  for (const { id } of steps) at.write(`.threados/prompts/${id}.md`, `Say hello from ${id}.\n`);
  const write = (name: string, text: string) => {
    fs.mkdirSync(dirname(join(at.home, name)), { recursive: true });
    fs.writeFileSync(join(at.home, name), text);
  };
  const provider = `name = "local"\nbase_url = "${url}/v1"\nenv_key = "OPENAI_API_KEY"\nwire_api = "responses"\n`;
  write(
    ".codex/config.toml",
    `model_provider = "local"\n[model_providers.local]\n${provider}request_max_retries = 0\n`,
  );
  write(".gemini/settings.json", JSON.stringify({ security: { auth: { selectedType: "gemini-api-key" } } }));
  write(".claude/settings.json", "{}\n");
  write(".claude.json", "{}\n");
  write(".config/opencode/opencode.json", "{}\n");
  fs.mkdirSync(join(at.home, ".local/share/opencode"), { recursive: true });
  const model = { name: "m", cost: { input: 3, output: 15 } };
  const local = {
    npm: "@ai-sdk/anthropic",
    name: "local",
    options: { baseURL: `${url}/v1`, apiKey: "x" },
    models: { m: model },
  };
  const env = {
    PATH: `${dirname(pathOf(program) as string)}:${at.env.PATH}`,
    ANTHROPIC_API_KEY: "anything",
    ANTHROPIC_BASE_URL: url,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    CLAUDE_CODE_MAX_RETRIES: "0",
    OPENAI_API_KEY: "anything",
    GEMINI_API_KEY: "anything",
    GOOGLE_GEMINI_BASE_URL: url,
    GEMINI_CLI_TRUST_WORKSPACE: "true",
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_CONFIG_CONTENT: JSON.stringify({ model: "local/m", provider: { local } }),
  };
  return { at, env, server };
}

const usage = (at: Workspace, step: string, attempt = 1) =>
  JSON.parse(at.read(`${at.attempt(step, attempt)}/usage.json`));

/** Where each keeps what is the person's, and where its sessions. */
const kept = ".claude/*.{json,md} .claude.json .codex/*.{toml,md,json} .gemini/*.json .config/opencode/*";
const sessions = {
  claude: ".claude/projects/*/*.jsonl",
  codex: ".codex/sessions/**/*.jsonl",
  gemini: ".gemini/tmp/*/chats/*",
  opencode: ".local/share/opencode/opencode.db",
};
const filesIn = (at: Workspace, pattern: string) =>
  [...new Bun.Glob(pattern).scanSync({ cwd: at.home, dot: true })].map((name) => join(at.home, name)).sort();
const settingsIn = (at: Workspace) => kept.split(" ").flatMap((pattern) => filesIn(at, pattern));
const sessionsIn = (at: Workspace, program: Program) => filesIn(at, sessions[program]);

const good = { text: "Hello there", tokensIn: 120, tokensOut: 7 };
const two: Step[] = [{ id: "plan" }, { id: "build", depends_on: ["plan"] }];
const waitMs = 120_000;

for (const program of Object.keys(programs) as Program[]) {
  const found = pathOf(program);
  const title = `the real ${program}${found ? "" : ` (skipped: it is not installed; THREADOS_TEST_${program.toUpperCase()} names one)`}`;
  describe.skipIf(found === undefined)(title, () => {
    test(
      "runs a sequence of two steps, with tokens and last words kept",
      async () => {
        const { at, env } = await prepare(program, [good], two);
        const { exit, out } = await at.seqctl(["run", "--yes"], { env });
        expect([exit, out]).toEqual([0, expect.stringContaining("✓ done  2 of 2 steps")]);
        for (const { id } of two) {
          expect(usage(at, id)).toMatchObject({ turns: 1, tokens_in: 120, tokens_out: 7, error: null });
          expect(usage(at, id).session).toBeString();
          expect(at.read(`${at.attempt(id)}/summary.md`)).toBe("Hello there\n");
        }
      },
      waitMs,
    );

    test.skipIf(!works)(
      "runs in a sandbox, twice, keeps its sessions and leaves its settings as they are",
      async () => {
        const { at, env } = await prepare(program, [good], two);
        at.write(".threados/policy.yaml", "version: 1\nsandbox: required\n");
        const texts = () => settingsIn(at).map((path) => fs.readFileSync(path, "utf8"));
        const before = [settingsIn(at), texts()];
        expect((await at.seqctl(["run", "--yes"], { env })).exit).toBe(0);
        for (const { id } of two) expect(usage(at, id)).toMatchObject({ tokens_out: 7, error: null });
        expect([settingsIn(at), texts()]).toEqual(before);
        expect(sessionsIn(at, program)).not.toEqual([]);
      },
      waitMs,
    );

    test(
      "answers with its version",
      async () => {
        const { at, env } = await prepare(program, [good], []);
        const { doc } = await at.json(["agents", "list"], { env });
        const row = doc.agents.find((agent: { name: string }) => agent.name === programs[program]);
        expect(row).toMatchObject({ ready: true, version: expect.stringMatching(/^\d+\.\d+/) });
      },
      waitMs,
    );

    test(
      "with a key that is turned down fails for good",
      async () => {
        const status = program === "gemini" ? 400 : 401;
        const message =
          program === "gemini" ? "API key not valid. Please pass a valid API key." : "invalid api key";
        const refusal = { status, type: "authentication_error", message };
        const { at, env } = await prepare(program, [refusal], [{ id: "a", retry: { limit: 3 } }]);
        expect((await at.seqctl(["run", "--yes"], { env })).exit).toBe(1);
        expect(await at.standing()).toEqual({ a: "FAILED auth 1" });
      },
      waitMs,
    );
  });
}

describe.skipIf(pathOf("claude") === undefined)("the real claude at its limit", () => {
  test(
    "waits for the reset, goes on in its session and finishes",
    async () => {
      const resetsAt = new Date(Date.now() + 6_000).toISOString();
      const message = `You have hit your usage limit. It resets at ${resetsAt}.`;
      const limit = {
        status: 429,
        type: "rate_limit_error",
        message,
        headers: { "x-should-retry": "false" },
      };
      const [plan, build] = two as [Step, Step];
      const steps = [{ ...plan, resume: { auto: true } }, build];
      const { at, env, server } = await prepare("claude", [limit, good], steps);
      expect((await at.seqctl(["run", "--yes"], { env })).exit).toBe(0);
      expect(await at.standing()).toEqual({ plan: "DONE 2", build: "DONE 1" });
      expect(usage(at, "plan", 1).error).toMatchObject({ class: "quota", reset_at: resetsAt });
      expect(usage(at, "plan", 2)).toMatchObject({ session: usage(at, "plan", 1).session, tokens_out: 7 });
      expect(usage(at, "build").cost_usd).toBeGreaterThan(0);
      expect(at.facts().find((fact) => fact.type === "retry.scheduled")).toMatchObject({ cause: "quota" });
      expect(JSON.stringify(server.asked[1]?.body)).toContain("You were interrupted");
    },
    waitMs,
  );
});

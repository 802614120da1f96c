import { afterEach, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { startChatServer } from "../../rig/chat-server";
import { until } from "../../rig/deadline";
import { FakeAgent, fakeClaude } from "../../rig/fake-agent";
import { seqctlArgv } from "../../rig/seqctl";
import { cleanUp, Workspace } from "../../rig/workspace";

afterEach(cleanUp);

const steps = [
  { id: "build", command: ["true"] },
  { id: "deploy", command: ["true"], depends_on: ["build"] },
];

test("without a terminal the proposal is shown and waits: exit 3, and `approve` takes it", async () => {
  const at = await Workspace.make({ steps });
  const said = await at.seqctl(["chat", "add", "lint", "after", "build"]);
  expect(said.exit).toBe(3);
  expect(said.out).toContain("· add step lint");
  expect(said.out).toContain("+  - id: lint");
  const id = /seqctl approve (\w+)/.exec(said.err)?.[1] ?? "";
  expect(at.definition).not.toContain("lint");
  expect((await at.seqctl(["approve", id, "--yes"])).exit).toBe(0);
  expect(at.definition).toContain("lint");
});

test("--yes applies it; with --json it is one document", async () => {
  const at = await Workspace.make({ steps });
  const { exit, doc } = await at.json(["chat", "--yes", "set the timeout of build to 5 minutes"]);
  expect(exit).toBe(0);
  expect(doc).toMatchObject({
    calls: [{ action: "step.edit" }],
    applied: expect.any(Number),
    error: null,
    verdict: { ask: 1 },
  });
  expect(at.definition).toContain("timeout_ms: 300000");
});

test("a question is answered: exit 0; what is not understood is bad input: exit 2, with what would be", async () => {
  const at = await Workspace.make({ steps });
  const why = await at.seqctl(["chat", "why is deploy blocked?"]);
  expect([why.exit, why.out]).toEqual([
    0,
    "deploy is BLOCKED: 'deploy' waits for 'build', which is not done yet.\n",
  ]);
  const none = await at.seqctl(["chat", "sing me a song"]);
  expect(none).toMatchObject({ exit: 2, err: "" });
  expect(none.out).toContain("I did not understand that");
  const { exit, doc } = await at.json(["chat", "sing me a song"]);
  expect({ exit, doc }).toMatchObject({
    exit: 2,
    doc: { proposal: null, error: { code: "chat.declined" }, code: "chat.declined" },
  });
  expect(doc.text).toContain("I did not understand that");
});

test("a proposal that does not work is none: the reason is told", async () => {
  const at = await Workspace.make({ steps });
  const said = await at.seqctl(["chat", "make build depend on deploy"]);
  expect(said.exit).toBe(2);
  expect(said.out).toContain("That does not work: ");
  expect(said.out).toContain("build → deploy → build");
});

test("a command line is read as the command line reads it", async () => {
  const at = await Workspace.make({ steps });
  const { exit, doc } = await at.json([
    "chat",
    `seqctl step add lint --command '["npm","run","lint"]' --depends-on build`,
  ]);
  expect(exit).toBe(3);
  const hint = expect.stringContaining(`seqctl approve ${doc.proposal}`);
  expect(doc).toMatchObject({ code: "approval.pending", error: { code: "approval.pending", hint } });
  expect(doc.calls).toMatchObject([
    { action: "step.add", input: { id: "lint", command: ["npm", "run", "lint"], depends_on: ["build"] } },
  ]);
});

test("a conversation is gone on with by its id", async () => {
  const at = await Workspace.make({ steps });
  const { doc } = await at.json(["chat", "status"]);
  const next = await at.json(["chat", "help", "--conversation", doc.conversation]);
  expect(next.doc.conversation).toBe(doc.conversation);
  expect((await at.json(["chat", "help", "--conversation", "nowhere"])).exit).toBe(2);
});

test("--yes is not enough once text from elsewhere was read", async () => {
  const at = await Workspace.make({ steps });
  const { doc } = await at.json(["chat", "show build"]);
  const next = await at.json(["chat", "--yes", "add lint after build", "--conversation", doc.conversation]);
  expect([next.exit, next.doc.tainted, next.doc.applied]).toEqual([3, true, null]);
  expect(at.definition).not.toContain("lint");
});

function configure(at: Workspace, text: string): void {
  fs.mkdirSync(join(at.home, ".config", "threados"), { recursive: true });
  fs.writeFileSync(join(at.home, ".config", "threados", "chat.yaml"), text);
}

test.each([
  ["anthropic", ""],
  ["openai", "/v1"],
])(
  "the built program speaks to %s by its SDK: reads, proposes, and counts what it used",
  async (provider, path) => {
    const at = await Workspace.make({ steps });
    const propose = JSON.stringify({
      calls: [{ action: "step.add", input: { id: "lint", depends_on: ["build"] } }],
    });
    const server = await startChatServer([
      { status: 529, headers: { "retry-after": "0" }, type: "overloaded_error", message: "Overloaded" },
      { text: ["I look ", "first."], uses: [{ name: "read_why", json: ['{"id":', '"deploy"}'] }] },
      {
        text: ["Then so."],
        uses: [{ name: "propose", json: [propose.slice(0, 20), propose.slice(20)] }],
        tokensIn: 100,
      },
    ]);
    try {
      configure(
        at,
        `provider: ${provider}\nbase_url: ${server.url}${path}\nmodel: some-model\nkey: env:KEY_OF_THE_TEST\n`,
      );
      const env = { KEY_OF_THE_TEST: "not-a-real-key-at-all" };
      const { exit, doc, err } = await at.json(["chat", "lint after the build"], { env });
      expect([exit, err]).toEqual([3, ""]);
      expect(doc).toMatchObject({ calls: [{ action: "step.add" }], tainted: true, code: "approval.pending" });
      expect(server.seen.length).toBe(3);
      expect(
        server.seen.every(
          ({ key, body }) => key?.endsWith(env.KEY_OF_THE_TEST) && body.model === "some-model",
        ),
      ).toBe(true);
      expect(JSON.stringify(server.seen[2]?.body)).toContain("'deploy' waits for 'build'");
      const record = fs.readFileSync(at.path(`.threados/chat/${doc.conversation}.jsonl`), "utf8");
      expect(record).toContain('"tokens":{"input":110');
      expect(record).not.toContain(env.KEY_OF_THE_TEST);
    } finally {
      await server.stop();
    }
  },
);

test("Claude Code answers with no tool of its own, and asks for ours in words", async () => {
  const at = await Workspace.make({ steps });
  const wish = String.raw`@@tool {\\"name\\":\\"propose\\",\\"input\\":{\\"calls\\":[{\\"action\\":\\"step.add\\",\\"input\\":{\\"id\\":\\"lint\\"}}]}}`;
  const agent = new FakeAgent(at, [
    `init; say m1 'Here it is.\\n${wish.replaceAll("\\\\", "\\")}' 10 5; done_with x 1 100 50 0.25`,
  ]);
  // It gets none of our environment, so that its script has to be named in the program itself.
  const program = join(at.home, "bin", "claude");
  fs.rmSync(program);
  fs.writeFileSync(program, `#!/bin/sh\nFAKE_CLAUDE=${agent.own.FAKE_CLAUDE} exec ${fakeClaude} "$@"\n`, {
    mode: 0o755,
  });
  configure(at, "provider: claude-code\nmodel: sonnet\n");
  const env = { ...agent.env, SECRET_TOKEN: "nobodys-business" };
  const { exit, doc } = await at.json(["chat", "add lint"], { env });
  expect([exit, doc.text, doc.code]).toEqual([3, "Here it is.\n", "approval.pending"]);
  expect(doc.calls).toMatchObject([{ action: "step.add", input: { id: "lint" } }]);
  const [call] = agent.calls();
  expect(call?.argv.join(" ")).toContain("--model sonnet --tools  --strict-mcp-config --setting-sources ");
  expect(doc.tainted).toBe(true);
  expect(call?.prompt).toContain("Person: add lint");
  expect(call?.env.SECRET_TOKEN).toBeUndefined();
  expect(at.read(`.threados/chat/${doc.conversation}.jsonl`)).toContain('"cost_usd":0.25');
});

test("Claude Code that is not there is told of with its remedy", async () => {
  const at = await Workspace.make({ steps });
  configure(at, "provider: claude-code\n");
  const { exit, doc } = await at.json(["chat", "add lint"], { env: { PATH: "/usr/bin:/bin" } });
  expect([exit, doc.error.message]).toEqual([1, "there is no `claude` on the PATH"]);
});

test("a conversation whose program was killed in the middle of an answer goes on", async () => {
  const at = await Workspace.make({ steps });
  const server = await startChatServer([{ text: ["Well, ", "let me "], hangs: true }]);
  try {
    configure(at, `provider: openai\nbase_url: ${server.url}/v1\n`);
    const child = await at.start(["chat", "lint, please"]);
    const file = await until("the first words in the file", () => {
      const folder = at.path(".threados/chat");
      const name = fs.existsSync(folder)
        ? fs.readdirSync(folder).find((one) => one.endsWith(".jsonl"))
        : undefined;
      return name !== undefined && at.read(`.threados/chat/${name}`).includes("Well") ? name : undefined;
    });
    child.kill("SIGKILL");
    await child.exited;
    configure(at, "provider: offline\n");
    const next = await at.json(["chat", "status", "--conversation", file.replace(".jsonl", "")]);
    expect([next.exit, next.doc.error]).toEqual([0, null]);
    const records = at.lines(`.threados/chat/${file}`).map((line) => JSON.parse(line));
    expect(records.map(({ n }) => n)).toEqual(records.map((_, index) => index + 1));
    expect(records.find(({ type }) => type === "error")?.data.message).toContain("broke off");
  } finally {
    await server.stop();
  }
});

test("an SDK that is not installed is told of with its remedy, and nothing else needs it", async () => {
  const at = await Workspace.make({ steps });
  const argv = await seqctlArgv();
  const lonely = join(at.home, "seqctl.js");
  fs.copyFileSync(argv.at(-1) as string, lonely);
  const run = async (...words: string[]) => {
    const options = {
      cwd: at.root,
      env: { ...at.env, KEY: "none" },
      stdout: "pipe",
      stderr: "pipe",
    } as const;
    const child = Bun.spawn([...argv.slice(0, -1), lonely, "chat", "--json", ...words], options);
    return JSON.parse(await new Response(child.stdout).text());
  };
  expect((await run("status")).error).toBeNull();
  configure(at, "provider: anthropic\nkey: env:KEY\n");
  const { error } = await run("status");
  expect(error.message).toBe("anthropic can't be asked: @anthropic-ai/sdk is not installed");
  expect(error.hint).toContain("npm run setup");
});

test("what would start is told with what it took before, or that nobody knows", async () => {
  const at = await Workspace.make({ steps });
  const unknown = await at.seqctl(["chat", "run"]);
  expect(unknown.out).toContain(
    "starts 2 steps (0 by agents): build, deploy\nnobody knows how long that takes: no attempt at it has ended well yet",
  );
  const asked = await at.json(["chat", "run"]);
  expect(asked.doc.forecast).toMatchObject({
    steps: 2,
    expected: { ms: null, cost_usd: null, attempts: 0, without_history: ["build", "deploy"] },
  });
  await at.seqctl(["run", "step", "build", "--yes"]);
  const partly = await at.seqctl(["chat", "run"]);
  expect(partly.out).toMatch(/starts 1 step \(0 by agents\): deploy\nnobody knows how long/);
  await at.seqctl(["run", "--yes"]);
  const known = await at.json(["chat", "run"]);
  expect(known.doc.forecast.expected).toMatchObject({
    ms: expect.any(Number),
    cost_usd: null,
    attempts: 2,
    without_history: [],
  });
  const told = await at.seqctl(["chat", "run"]);
  expect(told.out).toMatch(/^about \S+.*, by 2 attempts before$/m);
});

test("Codex answers where chat.yaml says so, and what it says counts as read elsewhere", async () => {
  const at = await Workspace.make({ steps, rules: { mode: "POWER" } });
  const wish = { name: "propose", input: { calls: [{ action: "step.add", input: { id: "lint" } }] } };
  const said = { id: "item_0", type: "agent_message", text: `Here it is.\n@@tool ${JSON.stringify(wish)}` };
  const usage = { input_tokens: 120, cached_input_tokens: 20, output_tokens: 7 };
  const lines = [
    { type: "thread.started", thread_id: "t" },
    { type: "item.completed", item: said },
    { type: "turn.completed", usage },
  ];
  at.write("said.jsonl", `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
  fs.mkdirSync(join(at.home, "bin"));
  const tell = `printf '%s\\n' "$@" > ${at.path("argv")}; pwd > ${at.path("cwd")}; cat > ${at.path("prompt")}`;
  fs.writeFileSync(join(at.home, "bin", "codex"), `#!/bin/sh\n${tell}; cat ${at.path("said.jsonl")}\n`, {
    mode: 0o755,
  });
  configure(at, "provider: codex\nmodel: gpt-5\n");
  const env = { PATH: `${join(at.home, "bin")}:${at.env.PATH}`, SECRET_TOKEN: "nobodys-business" };
  const { exit, doc } = await at.json(["chat", "add lint", "--yes"], { env });
  expect([exit, doc.text, doc.code, doc.tainted, doc.applied]).toEqual([
    3,
    "Here it is.\n",
    "approval.pending",
    true,
    null,
  ]);
  expect(doc.calls).toMatchObject([{ action: "step.add", input: { id: "lint" } }]);
  expect(doc.verdict).toMatchObject({ ask: 1, why: "text from elsewhere was read" });
  const argv = at.lines("argv").join(" ");
  expect(argv).toMatch(/^exec --json .*--sandbox read-only .*--model gpt-5 -$/);
  expect(argv).not.toContain("add lint");
  expect(at.read("prompt")).toContain("Person: add lint");
  expect(at.read("cwd").trim()).not.toBe(at.root);
  expect(at.definition).not.toContain("lint");
  const records = at.read(`.threados/chat/${doc.conversation}.jsonl`);
  expect(records).toContain('"provider":"codex","model":"gpt-5"');
  expect(records).toContain('"tokens":{"input":100,"output":7,"cacheRead":20');
});

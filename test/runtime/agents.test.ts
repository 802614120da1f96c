import { afterEach, describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { until } from "../rig/deadline";
import { agentWorkspace } from "../rig/fake-agent";
import { cleanUp, ended, Workspace } from "../rig/workspace";

afterEach(cleanUp);

const make = Workspace.make;
const rateLimited = `init; fail_with 429 "API Error: Request rejected (429) · slow down" rate_limit`;
const usage = (at: Workspace, step: string, attempt = 1) =>
  JSON.parse(at.read(`${at.attempt(step, attempt)}/usage.json`));
const exits = (at: Workspace) => at.facts().filter((fact) => fact.type === "attempt.exited");

describe("a sequence of agent steps", () => {
  test("runs, with tokens, cost and last words kept, and the prompt by stdin only", async () => {
    const { at, agent } = await agentWorkspace(make, [
      { id: "plan" },
      { id: "build", depends_on: ["plan"], model: "claude-code:opus" },
    ]);
    const { exit, out, err } = await at.seqctl(["run", "--yes"], { env: agent.env });
    expect([exit, err]).toEqual([0, ""]);
    expect(out).toContain("✓ done  2 of 2 steps");
    expect(usage(at, "build")).toMatchObject({
      agent: "claude-code",
      turns: 1,
      tokens_in: 100,
      tokens_out: 50,
      tokens_cache_read: 20,
      cost_usd: 0.0125,
      error: null,
    });
    expect(at.read(`${at.attempt("build")}/summary.md`)).toBe("hello from 2\n");
    expect(exits(at)[1]?.agent).toMatchObject({ turns: 1, tokensIn: 100, tokensOut: 50, costUsd: 0.0125 });
    const [plan, build] = agent.calls();
    expect(plan).toMatchObject({
      prompt: "Do plan.",
      argv: ["-p", "--output-format", "stream-json", "--verbose"],
    });
    expect(build?.argv.slice(-2)).toEqual(["--model", "opus"]);
    const copies = () =>
      fs
        .readdirSync(at.home, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".prompt.md"));
    await until("the prompts' copies to go", () => copies().length === 0);
  });

  test("hands an agent its own variables, and nobody else", async () => {
    const env = { OPENAI_API_KEY: "key-of-another", SOMETHING: "else" };
    const { at, agent } = await agentWorkspace(make, [
      { id: "a" },
      { id: "b", command: ["sh", "-c", "env > seen"] },
    ]);
    expect((await at.seqctl(["run", "--yes"], { env: { ...agent.env, ...env } })).exit).toBe(0);
    const [call] = agent.calls();
    expect(call?.env).toMatchObject({ ANTHROPIC_API_KEY: "test-key-of-claude", THREADOS_STEP_ID: "a" });
    expect(call?.env).not.toHaveProperty("OPENAI_API_KEY");
    expect(call?.env).not.toHaveProperty("SOMETHING");
    expect(at.read("seen")).not.toContain("ANTHROPIC_API_KEY");
  });

  test("shows the agent's words before anybody agrees to them, and an allowlist holds for them", async () => {
    const { at, agent } = await agentWorkspace(make, [{ id: "a" }], [], {
      rules: { allowed_commands: ["git"] },
    });
    expect(await at.json(["run", "--yes"], { env: agent.env })).toMatchObject({
      exit: 4,
      doc: { code: "policy.denied" },
    });
    at.write(".threados/policy.yaml", "version: 1\nallowed_commands: [claude]\n");
    expect((await at.seqctl(["run", "--yes"], { env: agent.env })).exit).toBe(0);
  });

  test.each([
    ["an agent nobody knows", { model: "claud-code" }, "agent.unknown"],
    ["a command as well", { model: "claude-code", command: ["true"] }, "step.two_ways"],
    ["a prompt outside the workspace", { prompt: "../../../etc/passwd" }, "prompt.missing"],
    ["a missing prompt", { prompt: "prompts/none.md" }, "prompt.missing"],
    ["an empty prompt", { prompt: "prompts/empty.md" }, "prompt.unusable"],
    ["a prompt that leads out", { prompt: "prompts/out.md" }, "prompt.unusable"],
  ])("with %s is refused before anything starts", async (_, step, code) => {
    const { at, agent } = await agentWorkspace(make, [{ id: "a" }, { id: "b", ...step }]);
    at.write(".threados/sequence.yaml", at.definition.replace(/command:\n(\s+- "?true"?)/, "command:\n$1"));
    at.write(".threados/prompts/empty.md", " \n");
    fs.symlinkSync("/etc/hostname", at.path(".threados/prompts/out.md"));
    const { exit, doc } = await at.json(["run", "--yes"], { env: agent.env });
    expect([exit, doc.code]).toEqual([2, code]);
    expect(agent.calls()).toEqual([]);
  });

  test("whose program is missing fails with a reason", async () => {
    const { at } = await agentWorkspace(make, [{ id: "a", model: "codex" }]);
    expect((await at.seqctl(["run", "--yes"], { env: { PATH: "/usr/bin:/bin" } })).exit).toBe(1);
    expect((await at.status()).steps[0]).toMatchObject({ status: "FAILED", reason: "refused" });
    expect((await at.json(["why", "a"])).doc.why).toContain("'codex' was not found on the PATH");
  });
});

describe("an agent that fails", () => {
  const retry = { limit: 2, backoff_ms: 1, factor: 1, max_ms: 1 };

  test("for a rate limit is tried again in its own session, then succeeds", async () => {
    const { at, agent } = await agentWorkspace(make, [{ id: "a", retry }], [rateLimited]);
    expect((await at.seqctl(["run", "--yes"], { env: agent.env })).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "DONE 2" });
    const [first, second] = agent.calls();
    expect(second?.argv).toContain("--resume");
    expect(second?.argv.at(-1)).toBe(exits(at)[0]?.agent.session);
    expect(second?.prompt).toEndWith(first?.prompt ?? "");
    expect(second?.prompt).toStartWith("You were interrupted");
    expect(usage(at, "a", 1).error).toMatchObject({ class: "rate_limit" });
    expect(usage(at, "a", 2)).toMatchObject({ resumed: usage(at, "a", 1).session, cost_usd: 0.0125 });
  });

  test.each([
    [
      "auth",
      `init; fail_with 401 "Invalid API key" authentication_failed`,
      "auth",
      "was not let in (Invalid API key)",
    ],
    [
      "permanent",
      `init; fail_with 400 "prompt is too long" invalid_request`,
      "agent_error",
      "gave up (prompt is too long)",
    ],
  ])("for good (%s) is never tried again", async (_, answer, reason, said) => {
    const { at, agent } = await agentWorkspace(make, [{ id: "a", retry }], [answer]);
    expect((await at.seqctl(["run", "--yes"], { env: agent.env })).exit).toBe(1);
    expect(await at.standing()).toEqual({ a: `FAILED ${reason} 1` });
    expect((await at.json(["why", "a"])).doc.why).toContain(said);
    expect(agent.calls()).toHaveLength(1);
  });

  test("for its quota fails with the time of the reset, and a person's run goes on in its session", async () => {
    const quota = `init; fail_with 429 "You have hit your usage limit. It resets at 2099-01-01T14:05:00Z" rate_limit`;
    const { at, agent } = await agentWorkspace(make, [{ id: "a", retry }], [quota]);
    expect((await at.seqctl(["run", "--yes"], { env: agent.env })).exit).toBe(1);
    expect(await at.standing()).toEqual({ a: "FAILED quota 1" });
    expect((await at.json(["why", "a"])).doc.why).toContain("until 14:05:00 UTC");
    expect((await at.seqctl(["run", "--yes"], { env: agent.env })).exit).toBe(0);
    expect(agent.calls()[1]?.argv).toContain("--resume");
  });

  test("for its quota waits and goes on by itself where the step asks for that", async () => {
    const quota = `init; fail_with 429 "You have hit your usage limit. It resets at $(soon 2)" rate_limit`;
    const { at, agent } = await agentWorkspace(
      make,
      [
        { id: "a", resume: { auto: true } },
        { id: "b", depends_on: ["a"] },
      ],
      [quota],
    );
    const child = await at.start(["run", "--yes"], { env: agent.env });
    const waiting = await until("the wait", async () => {
      const step = (await at.status()).steps[0];
      return step?.status === "RETRYING" ? step : undefined;
    });
    expect(waiting).toMatchObject({ reason: "quota", attempt: 1 });
    expect(waiting.why).toMatch(/waits for its usage limit to reset, until \d\d:\d\d:\d\d UTC/);
    expect((await ended(child)).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "DONE 2", b: "DONE 1" });
    expect(at.facts().find((fact) => fact.type === "retry.scheduled")).toMatchObject({ cause: "quota" });
  });

  test("for its quota again and again is tried as often as was asked for", async () => {
    const quota = `init; fail_with 429 "You have hit your usage limit. It resets at $(soon 0)" rate_limit`;
    const steps = [{ id: "a", resume: { auto: true, max: 1 } }];
    const { at, agent } = await agentWorkspace(make, steps, [quota, quota, quota]);
    expect((await at.seqctl(["run", "--yes"], { env: agent.env })).exit).toBe(1);
    expect(await at.standing()).toEqual({ a: "FAILED quota 2" });
  });

  test("whose session is gone starts anew the next time", async () => {
    const gone = `echo "No conversation found with session ID: x" >&2; exit 1`;
    const { at, agent } = await agentWorkspace(make, [{ id: "a", retry }], [rateLimited, gone]);
    expect((await at.seqctl(["run", "--yes"], { env: agent.env })).exit).toBe(0);
    expect(agent.calls().map(({ argv }) => argv.includes("--resume"))).toEqual([false, true, false]);
  });

  test("though it exits with 0 has failed if it says so", async () => {
    const answer = `init; (fail_with 400 "the model refused" invalid_request); exit 0`;
    const { at, agent } = await agentWorkspace(make, [{ id: "a" }], [answer]);
    expect((await at.seqctl(["run", "--yes"], { env: agent.env })).exit).toBe(1);
    expect(await at.standing()).toEqual({ a: "FAILED agent_error 1" });
  });
});

describe("an agent's output", () => {
  test("is read past garbage, half lines and lines of many megabytes", async () => {
    const answer = [
      "init",
      "echo 'not json'; echo '{\"type\":'; printf '\\000\\377\\n'",
      "head -c 6000000 /dev/zero | tr '\\0' x; echo",
      `say m1 "fine" 3 4`,
      `done_with "all good" 2 11 12 0.5`,
    ].join("\n");
    const { at, agent } = await agentWorkspace(make, [{ id: "a" }], [answer]);
    expect((await at.seqctl(["run", "--yes"], { env: agent.env })).exit).toBe(0);
    expect(usage(at, "a")).toMatchObject({ turns: 2, tokens_in: 11, tokens_out: 12, cost_usd: 0.5 });
    expect(at.read(`${at.attempt("a")}/summary.md`)).toBe("all good\n");
  });

  test("leaves its own summary, but never its own usage or note", async () => {
    const answer = [
      'for name in summary.md usage.json agent.json; do echo "$name by the agent" > "$THREADOS_OUTPUT_DIR/$name"; done',
      `init; done_with "x" 1 1 1 0`,
    ].join("\n");
    const { at, agent } = await agentWorkspace(make, [{ id: "a" }], [answer]);
    expect((await at.seqctl(["run", "--yes"], { env: agent.env })).exit).toBe(0);
    expect(at.read(`${at.attempt("a")}/summary.md`)).toBe("summary.md by the agent\n");
    expect(usage(at, "a")).toMatchObject({ turns: 1 });
    expect(JSON.parse(at.read(`${at.attempt("a")}/agent.json`))).toMatchObject({ agent: "claude-code" });
  });
});

describe("a running agent", () => {
  const endless = `init; say m1 "working" 7 8; (setsid sleep 600 &) ; touch "$folder/up"; sleep 600`;
  const up = (at: Workspace) => until("the agent", () => fs.existsSync(`${at.home}/fake/up`));

  test("is stopped with its whole tree, and what it used until then is kept", async () => {
    const { at, agent } = await agentWorkspace(make, [{ id: "a" }], [endless]);
    await at.seqctl(["run", "--yes", "--detach"], { env: agent.env });
    await up(at);
    expect((await at.seqctl(["stop", "a"])).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "FAILED stopped 1" });
    await until("the engine's end", () => at.processes().length === 0);
    expect(usage(at, "a")).toMatchObject({ turns: 1, tokens_in: 7, tokens_out: 8 });
  });

  test("that runs too long is ended, and the retry goes on in its session", async () => {
    const step = { id: "a", timeout_ms: 1500, retry: { limit: 1, backoff_ms: 1 } };
    const { at, agent } = await agentWorkspace(make, [step], [endless]);
    expect((await at.seqctl(["run", "--yes"], { env: agent.env })).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "DONE 2" });
    expect(agent.calls()[1]?.argv).toContain("--resume");
  });

  test("survives the engine's death and is read by the next one", async () => {
    const answer = `init; touch "$folder/up"; while [ ! -e "$folder/go" ]; do sleep 0.02; done; done_with "late" 3 5 6 0.25`;
    const { at, agent } = await agentWorkspace(make, [{ id: "a" }], [answer]);
    await at.seqctl(["run", "--yes", "--detach"], { env: agent.env });
    await up(at);
    await at.killEngine();
    const child = await at.start(["run", "--yes"], { env: agent.env });
    await until("the adoption", () => at.facts().some((fact) => fact.type === "attempt.adopted"));
    fs.writeFileSync(`${at.home}/fake/go`, "");
    expect((await ended(child)).exit).toBe(0);
    expect(usage(at, "a")).toMatchObject({ turns: 3, tokens_out: 6, cost_usd: 0.25 });
    expect(agent.calls()).toHaveLength(1);
  });

  test("that ended while no engine lived is read as well", async () => {
    const answer = `init; touch "$folder/up"; while [ ! -e "$folder/go" ]; do sleep 0.02; done; done_with "late" 3 5 6 0.25`;
    const { at, agent } = await agentWorkspace(make, [{ id: "a" }], [answer]);
    await at.seqctl(["run", "--yes", "--detach"], { env: agent.env });
    await up(at);
    await at.killEngine();
    fs.writeFileSync(`${at.home}/fake/go`, "");
    await until("its end", () => fs.existsSync(at.path(`${at.attempt("a")}/exit-1`)));
    expect((await at.seqctl(["run", "--yes"], { env: agent.env })).exit).toBe(0);
    expect(usage(at, "a")).toMatchObject({ turns: 3, cost_usd: 0.25 });
  });
});

test("a step that runs as several instances tells each the same prompt", async () => {
  const { at, agent } = await agentWorkspace(make, [{ id: "a", fanout: 2 }]);
  expect((await at.seqctl(["run", "--yes"], { env: agent.env })).exit).toBe(0);
  expect(agent.calls().map(({ prompt }) => prompt)).toEqual(["Do a.", "Do a."]);
});

test("a key that an agent repeats in its complaint does not reach the journal, nor usage.json", async () => {
  const answer = `init; fail_with 401 "Invalid API key test-key-of-claude" authentication_failed`;
  const { at, agent } = await agentWorkspace(make, [{ id: "a" }], [answer]);
  expect((await at.seqctl(["run", "--yes"], { env: agent.env })).exit).toBe(1);
  expect(JSON.stringify(at.facts())).toContain("Invalid API key •••");
  expect(JSON.stringify([at.facts(), usage(at, "a")])).not.toContain("test-key-of-claude");
});

import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { actions } from "../../../lib/core/actions";
import { views } from "../../../lib/core/views/view";
import { proveAudit } from "../../rig/audit-proof";
import { cleanUp, Workspace } from "../../rig/workspace";
import { agentIn } from "./client";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const making = {
  steps: [{ id: "a", command: ["sh", "-c", "echo hello"] }],
  gates: [{ id: "g", name: "G", depends_on: ["a"] }],
};

describe("the tools", () => {
  test("are one for each action and each view, each with a schema of its input", async () => {
    const { client } = await agentIn(await Workspace.make());
    const { tools } = await client.listTools();
    const names = [...views, ...actions].map(({ name }) => name.replaceAll(".", "_"));
    expect(tools.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(new Set(names).size).toBe(names.length);
    for (const { name, title, description, inputSchema } of tools) {
      expect(name).toMatch(/^[a-z][a-z_]{0,63}$/);
      expect(inputSchema.type).toBe("object");
      expect(`${title} ${description}`.length).toBeGreaterThan(20);
    }
  });

  test("say what only reads and what destroys", async () => {
    const { client } = await agentIn(await Workspace.make());
    const { tools } = await client.listTools();
    const hints = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations]));
    expect(hints.status).toMatchObject({ readOnlyHint: true });
    expect(hints.step_add).toMatchObject({ readOnlyHint: false, destructiveHint: false });
    expect(hints.step_rm).toMatchObject({ readOnlyHint: false, destructiveHint: true });
    expect(hints.run_start).toMatchObject({ readOnlyHint: false, openWorldHint: true });
    expect(tools.filter((tool) => tool.annotations?.readOnlyHint)).toHaveLength(views.length);
  });

  test("leave `dry_run` to the preview", () => {
    for (const { input } of actions)
      expect(JSON.stringify(z.toJSONSchema(input, { io: "input" }))).not.toContain('"dry_run"');
  });

  test("that there are not are an error of the protocol, and leave no trace", async () => {
    const at = await Workspace.make();
    const { client } = await agentIn(at);
    const before = at.audit().length;
    await expect(client.callTool({ name: "step_explode", arguments: {} })).rejects.toMatchObject({
      code: -32_602,
    });
    expect(at.audit()).toHaveLength(before);
  });
});

describe("an agent over MCP", () => {
  test("reads the status", async () => {
    const at = await Workspace.make(making);
    const { call } = await agentIn(at);
    const { body, text } = await call("status");
    expect(body).toEqual(await at.status());
    expect(JSON.parse(text)).toEqual(body);
  });

  test("previews a step, proposes it, and a person's approval applies it", async () => {
    const at = await Workspace.make(making);
    const before = at.definition;
    const { call } = await agentIn(at);
    const step = { id: "b", command: ["true"], depends_on: ["g"] };
    const entries = at.audit().length;
    expect((await call("step_add", { ...step, dry_run: true })).body).toMatchObject({
      changed: true,
      dry_run: true,
    });
    expect(at.audit()).toHaveLength(entries);

    const { body, text, isError } = await call("step_add", step);
    expect(isError).toBe(false);
    expect(body).toMatchObject({ code: "approval.pending", error: { summary: "add step b" } });
    const { proposal } = body.error;
    expect(text).toContain(`seqctl approve ${proposal}`);
    expect(at.definition).toBe(before);
    expect((await call("inbox")).body.proposals).toMatchObject([
      { id: proposal, actor: "agent:@mcp", surface: "mcp" },
    ]);

    expect((await at.seqctl(["approve", proposal, "--yes"])).exit).toBe(0);
    expect((await call("status")).body.steps).toMatchObject([{ id: "a" }, { id: "b", depends_on: ["g"] }]);
    expect((await call("inbox")).body.proposals).toEqual([]);
    proveAudit(at.lines(".threados/audit.log"));
  });

  test("read a file that is broken, and propose the text that mends it", async () => {
    const at = await Workspace.make(making);
    const good = at.definition;
    at.write(".threados/sequence.yaml", `${good}steps: [\n`);
    const { call } = await agentIn(at);
    const { body } = await call("sequence_text");
    expect(body).toMatchObject({ text: at.definition, fault: { line: expect.any(Number) } });
    expect((await call("sequence")).isError).toBe(true);
    const left = await call("sequence_write", { text: `${good}# mended\n`, base: body.revision });
    expect(left.body.code).toBe("approval.pending");
    expect((await at.seqctl(["approve", left.body.error.proposal, "--yes"])).exit).toBe(0);
    expect(at.definition).toBe(`${good}# mended\n`);
    expect(at.audit().at(-1)).toMatchObject({ action: "proposal.approve", before: body.revision });
    expect((await call("sequence_text")).body.fault).toBe(null);
  });

  test.each([
    ["gate_approve", { id: "h" }],
    ["policy_mode", { mode: "POWER" }],
    ["policy_mode", { mode: "SAFE" }],
  ])("is refused %s %o", async (tool, input) => {
    const at = await Workspace.make({ gates: [{ id: "h", name: "H" }] });
    const { call } = await agentIn(at);
    const { body, isError, text } = await call(tool, input);
    expect(isError).toBe(true);
    expect(body).toMatchObject({ code: "agent.forbidden" });
    expect(text).toContain("an agent may not do");
    expect(at.audit().at(-1)).toMatchObject({ actor: "agent:@mcp", surface: "mcp", result: "denied" });
    expect((await at.status()).gates).toMatchObject([{ status: "PENDING" }]);
  });

  test("can decide about no proposal, its own included", async () => {
    const at = await Workspace.make(making);
    const { call } = await agentIn(at);
    const { proposal } = (await call("step_rm", { id: "a" })).body.error ?? {};
    expect(proposal).toBeUndefined();
    const { proposal: id } = (await call("step_clone", { id: "a", new: "c" })).body.error;
    for (const tool of ["proposal_approve", "proposal_reject"])
      expect((await call(tool, { id })).body).toMatchObject({ code: "agent.forbidden" });
    expect((await call("inbox")).body.proposals).toHaveLength(1);
  });

  test("has no yes of its own", async () => {
    const { call } = await agentIn(await Workspace.make(making));
    for (const word of ["yes", "confirm", "propose"]) {
      const { body, isError } = await call("run_start", { scope: "all", [word]: true });
      expect(isError).toBe(true);
      expect(body).toMatchObject({
        code: "input.invalid",
        error: { message: expect.stringContaining(word) },
      });
    }
  });

  test.each([
    ["run_start", { scope: "all" }],
    ["step_edit", { id: "a", name: "A" }],
    ["dep_rm", { step: "g", dep: "a" }],
  ])("in POWER mode too only proposes %s", async (tool, input) => {
    const at = await Workspace.make({ ...making, rules: { mode: "POWER" } });
    const before = at.definition;
    const { call } = await agentIn(at);
    expect((await call(tool, input)).body).toMatchObject({ code: "approval.pending" });
    expect(at.definition).toBe(before);
    expect(await at.status()).toMatchObject({ run: null, mode: "POWER" });
  });

  test("only proposes to undo what broke the file", async () => {
    const at = await Workspace.make(making);
    await at.seqctl(["step", "add", "b"]);
    at.write(".threados/sequence.yaml", "steps: [");
    const { call } = await agentIn(at);
    const { body } = await call("sequence_undo", { any: true });
    expect(body).toMatchObject({ code: "approval.pending" });
    expect(at.definition).toBe("steps: [");
    expect((await at.seqctl(["approve", body.error.proposal, "--yes"])).exit).toBe(0);
    expect((await at.status()).steps.length).toBeGreaterThan(0);
  });

  test("inside a step speaks for that step", async () => {
    const at = await Workspace.make(making);
    const { call } = await agentIn(at, "a");
    expect((await call("step_add", { id: "b" })).body).toMatchObject({ code: "approval.pending" });
    expect(at.audit().at(-1)).toMatchObject({ actor: "agent:a", surface: "mcp", result: "pending" });
    expect((await call("policy_mode", { mode: "SAFE" })).text).toContain("step 'a' may not do");
  });

  test("is told the stable code and the hint of a refusal", async () => {
    const { call } = await agentIn(await Workspace.make(making));
    const { body, text, isError } = await call("step_edit", { id: "aa", name: "x" });
    expect(isError).toBe(true);
    expect(body).toMatchObject({ code: "step.unknown", error: { id: "aa", nearest: "a" } });
    expect(text).toStartWith("step.unknown: ");
    expect((await call("logs", { id: "a", limit: -1 })).body).toMatchObject({ code: "input.invalid" });
  });

  test("is asked to ask for less where an answer would flood it", async () => {
    const description = "x".repeat(300_000);
    const steps = ["a", "b", "c", "d"].map((id) => ({ id, description }));
    const { call } = await agentIn(await Workspace.make({ steps }));
    const { body, isError } = await call("sequence");
    expect(isError).toBe(true);
    expect(body).toMatchObject({ code: "input.invalid", error: { hint: expect.stringContaining("less") } });
  });
});

describe("the prompts", () => {
  test("teach what an agent can and can't do, from the registry", async () => {
    const { client } = await agentIn(await Workspace.make());
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual([
      "threados_guide",
      "plan_work",
    ]);
    const { messages } = await client.getPrompt({ name: "threados_guide" });
    const text = JSON.parse(JSON.stringify(messages[0])).content.text as string;
    for (const { name } of [...actions, ...views]) expect(text).toContain(`\`${name.replaceAll(".", "_")}\``);
    const [, refused = ""] = text.split("What you can't do");
    for (const tool of ["gate_approve", "proposal_approve", "proposal_reject", "policy_mode"])
      expect(refused).toContain(tool);
    for (const tool of ["step_add", "run_start"]) expect(refused).not.toContain(tool);
  });

  test("plan a goal, and ask for it where it is missing", async () => {
    const { client } = await agentIn(await Workspace.make());
    const { messages } = await client.getPrompt({ name: "plan_work", arguments: { goal: "ship the thing" } });
    expect(JSON.stringify(messages)).toContain("ship the thing");
    await expect(client.getPrompt({ name: "plan_work" })).rejects.toMatchObject({ code: -32_602 });
    await expect(client.getPrompt({ name: "nope" })).rejects.toMatchObject({ code: -32_602 });
    expect(client.getInstructions()).toContain("threados_guide");
  });
});

import { afterAll, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { chatOf, exchange, person, proposing, scripted, text } from "../rig/chat";
import { value } from "../rig/sequence";
import { cleanUp, Workspace } from "../rig/workspace";

afterAll(cleanUp);

const make = () =>
  Workspace.make({
    steps: [{ id: "build", command: ["true"] }],
    gates: [{ id: "review", name: "Review", depends_on: ["build"] }],
  });
const approving = proposing({ action: "gate.approve", input: { id: "review" } });
const removing = proposing({ action: "step.rm", input: { id: "nobody" } });

test("what a model could not have and asked for no more is told with its reason, and recorded", async () => {
  const at = await make();
  const { chat } = await chatOf(at, scripted([[text("I propose this."), removing], [text(" All is well.")]]));
  const said = await exchange(chat, "tidy up");
  expect(said.kinds).toEqual(["message", "done"]);
  expect(said.last("done").refused).toEqual([
    {
      summary: "remove step nobody",
      code: "step.unknown",
      message: expect.stringContaining("nobody"),
      hint: expect.any(String),
    },
  ]);
  expect(at.audit().filter(({ actor }) => actor === "chat")).toMatchObject([
    {
      action: "chat.propose",
      result: "error",
      payload: { input: { calls: [{ action: "step.rm", input: { id: "nobody" } }] } },
      error: { code: "step.unknown" },
    },
  ]);
});

test("a reach for a person's decision is told though a proposal follows, and recorded as denied under its own name", async () => {
  const at = await make();
  const good = proposing({ action: "step.add", input: { id: "lint", command: ["true"] } });
  const { chat } = await chatOf(at, scripted([[removing], [approving], [good]]));
  const said = await exchange(chat, "go on");
  expect(said.last("done")).toMatchObject({
    proposal: expect.any(String),
    refused: [{ summary: "approve gate review", message: expect.stringContaining("person's own decision") }],
  });
  expect(
    at
      .audit()
      .filter(({ actor }) => actor === "chat")
      .map(({ action, target, result }) => [action, target, result]),
  ).toEqual([
    ["chat.propose", null, "error"],
    ["gate.approve", "review", "denied"],
    ["chat.propose", said.last("actions").proposal, "pending"],
  ]);
});

test("a reach among other calls stands as refused for what it is, and the whole for what was wrong with it", async () => {
  const at = await make();
  const mixed = [
    { action: "step.rm", input: { id: "nobody" } },
    { action: "gate.approve", input: { id: "review" } },
    { action: "gate.approve", input: { id: "review", note: "n".repeat(20_000) } },
  ];
  const { chat } = await chatOf(at, scripted([[proposing(...mixed)], [text("No.")]]));
  await exchange(chat, "go on");
  const [reach, whole, ...more] = at.audit().filter(({ actor }) => actor === "chat");
  expect(reach).toMatchObject({
    action: "gate.approve",
    result: "denied",
    error: { code: "input.invalid", message: expect.stringContaining("person's own decision") },
  });
  expect(whole).toMatchObject({
    action: "chat.propose",
    result: "error",
    payload: { input: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), length: expect.any(Number) } },
  });
  expect(more).toEqual([]);
});

test("a model that reaches for two hundred decisions fills no log", async () => {
  const at = await make();
  const many = Array.from({ length: 200 }, (_, index) => ({
    action: "gate.approve",
    input: { id: `g${index}` },
  }));
  const { chat } = await chatOf(at, scripted([[proposing(...many)], [text("No.")]]));
  await exchange(chat, "go on");
  const entries = at.audit().filter(({ actor }) => actor === "chat");
  expect(entries.map(({ action, target }) => [action, target])).toEqual([
    ...many.slice(0, 10).map(({ input }) => ["gate.approve", input.id]),
    ["chat.propose", null],
  ]);
  expect(JSON.stringify(entries.at(-1))).toContain("g199");
  expect((await at.seqctl(["audit", "verify"])).exit).toBe(0);
});

test("the refusal that ends a turn is told once, as its failure; those before it beside it", async () => {
  const at = await make();
  const { chat } = await chatOf(at, scripted([[approving], [removing], [removing]]));
  const said = await exchange(chat, "go on");
  expect(said.last("actions")).toMatchObject({ failed: { code: "step.unknown" } });
  expect(said.last("done").refused).toMatchObject([{ summary: "approve gate review" }]);
});

test("a secret that a model tells in clear is neither told nor recorded with its refusal, not even cut in two", async () => {
  const at = await make();
  const secret = "hush-hush-4711-very-secret";
  fs.mkdirSync(join(at.home, "threados", "secrets"), { recursive: true });
  fs.writeFileSync(join(at.home, "threados", "secrets", "TOKEN"), secret, { mode: 0o600 });
  const before = process.env.XDG_CONFIG_HOME;
  process.env.XDG_CONFIG_HOME = at.home;
  try {
    const { chat, threados } = await chatOf(at, scripted([[text("No.")]]));
    const env = { TOKEN: "secret:TOKEN" };
    value(
      await threados.dispatch({ action: "step.edit", input: { id: "build", env } }, person, { yes: true }),
    );
    const long = { id: `${"x".repeat(280 - "remove step ".length)}-${secret}` };
    const telling = proposing({ action: "step.rm", input: long });
    const again = await chatOf(at, scripted([[telling], [text("No.")]]));
    const said = await exchange(again.chat, "go on");
    expect(said.last("done").refused).toHaveLength(1);
    const kept = JSON.stringify([value(await chat.show(said.conversation)), at.audit()]);
    expect(kept).toContain("xxx");
    expect(kept).not.toContain("hush-hush");
  } finally {
    if (before === undefined) delete process.env.XDG_CONFIG_HOME;
    else process.env.XDG_CONFIG_HOME = before;
  }
});

test("what goes by rules tells of a refusal in its own words", async () => {
  const at = await make();
  const { chat } = await chatOf(at);
  const said = await exchange(chat, "remove build, then approve review");
  expect(said.last("done").refused).toBeUndefined();
  expect(at.audit().filter(({ actor }) => actor === "chat")).toEqual([]);
});

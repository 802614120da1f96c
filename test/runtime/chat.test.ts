import { afterEach, expect, test } from "bun:test";
import * as fs from "node:fs";
import { chatOf, exchange, person, proposing, refused, scripted, text, use } from "../rig/chat";
import { until } from "../rig/deadline";
import { seqctlArgv } from "../rig/seqctl";
import { value } from "../rig/sequence";
import { cleanUp, Workspace } from "../rig/workspace";

afterEach(cleanUp);

const steps = [
  { id: "build", command: ["true"] },
  { id: "deploy", command: ["true"], depends_on: ["build"] },
];
const make = (rules: Record<string, unknown> = {}) => Workspace.make({ steps, rules });

test("a request becomes words, actions, a diff and an end, and nothing is changed until it is applied", async () => {
  const at = await make();
  const before = at.definition;
  const { chat } = await chatOf(at);
  const said = await exchange(chat, 'add a step lint between build and deploy with command "npm run lint"');
  expect(said.kinds).toEqual(["message", "actions", "diff", "done"]);
  expect(said.last("actions")).toMatchObject({
    conversation: said.conversation,
    calls: [
      {
        action: "step.add",
        input: { id: "lint" },
        risk: "edit",
        destructive: false,
        summary: "add step lint",
      },
      { action: "dep.add" },
      { action: "dep.rm" },
    ],
  });
  const { unified, verdict, forecast, confirm } = said.last("diff");
  expect(unified.split("\n").filter((line: string) => /^[-+]/.test(line))).toEqual([
    "--- a/sequence.yaml",
    "+++ b/sequence.yaml",
    "-      - build",
    "+      - lint",
    "+  - id: lint",
    "+    command: [npm, run, lint]",
    "+    depends_on: [build]",
  ]);
  expect(verdict).toEqual({ mode: "SAFE", ask: 1, why: "mode SAFE" });
  expect(forecast).toEqual({ steps: 0, agents: 0, gates: 0, starts: [], bare: [], expected: null });
  expect(said.last("diff").unrunnable).toBeNull();
  expect(said.last("done")).toMatchObject({ provider: "offline", tainted: false, applied: null });
  expect(at.definition).toBe(before);
  expect(at.audit().at(-1)).toMatchObject({ action: "chat.propose", actor: "chat", result: "pending" });

  const { proposal } = said.last("actions");
  expect(refused(await chat.apply({ proposal }, person, {}))).toMatchObject({
    code: "confirm.required",
    times: 1,
    confirm,
  });
  expect(refused(await chat.apply({ proposal }, person, { confirm: "0".repeat(64) })).code).toBe(
    "confirm.stale",
  );
  expect(at.definition).toBe(before);
  value(await chat.apply({ proposal }, person, { confirm }));
  expect(at.definition).toContain("id: lint");
  expect(refused(await chat.apply({ proposal }, person, { confirm })).code).toBe("proposal.decided");
  expect(
    value(await chat.show(said.conversation)).records.find(({ type }) => type === "actions")?.data.decision,
  ).toBe("approved");
});

test("what is applied can be undone to the byte", async () => {
  const at = await make();
  const before = at.definition;
  const { chat, threados } = await chatOf(at);
  const said = await exchange(chat, 'rename build to "Make it"');
  value(
    await chat.apply({ proposal: said.last("actions").proposal }, person, {
      confirm: said.last("diff").confirm,
    }),
  );
  expect(at.definition).not.toBe(before);
  value(await threados.dispatch({ action: "sequence.undo", input: {} }, person));
  expect(at.definition).toBe(before);
});

test("undo and redo that are said step back and forth like those that are typed", async () => {
  const at = await make({ mode: "POWER" });
  const { chat } = await chatOf(at);
  const texts = [at.definition];
  for (const wish of ['rename build to "One"', 'rename build to "Two"']) {
    await exchange(chat, wish);
    texts.push(at.definition);
  }
  expect(new Set(texts).size).toBe(3);
  const seen: string[] = [];
  for (const wish of ["undo", "undo", "redo", "redo"]) {
    await exchange(chat, wish);
    seen.push(at.definition);
  }
  expect(seen.map((text) => texts.indexOf(text))).toEqual([1, 0, 1, 2]);
});

test("a removal is asked about twice, and in POWER too; so is stopping", async () => {
  const at = await make({ mode: "POWER" });
  const { chat } = await chatOf(at);
  const said = await exchange(chat, "remove deploy");
  expect(said.last("actions").calls).toMatchObject([{ action: "step.rm", destructive: true }]);
  expect(said.last("diff").verdict).toEqual({ mode: "POWER", ask: 2, why: "it removes something" });
  expect(refused(await chat.apply({ proposal: said.last("actions").proposal }, person, {}))).toMatchObject({
    times: 2,
  });
  expect(at.definition).toContain("id: deploy");
});

test("in POWER an edit is applied at once; what would start something still waits", async () => {
  const at = await make({ mode: "POWER" });
  const { chat } = await chatOf(at);
  const edited = await exchange(chat, "set the timeout of build to 5 minutes");
  expect(edited.last("done").applied).toBeGreaterThan(0);
  expect(at.definition).toContain("timeout_ms: 300000");
  const started = await exchange(chat, "run build");
  expect(started.last("diff")).toMatchObject({
    unified: "",
    verdict: { ask: 1, why: "it starts something" },
    forecast: { steps: 1, starts: ["build"] },
  });
  expect(started.last("done").applied).toBeNull();
  expect(at.runs()).toEqual([]);
  const told = await exchange(chat, 'set the prompt of build to "Make it."');
  expect(told.last("diff").verdict).toMatchObject({ ask: 1, why: "a prompt is not taken back by undo" });
  expect(told.last("done").applied).toBeNull();
});

test.each([
  ["step build leaves its sandbox", { action: "step.edit", input: { id: "build", unset: ["sandbox"] } }],
  ["step build gets the network", { action: "step.edit", input: { id: "build", network: true } }],
  ["deploy no longer waits for gate g", { action: "dep.rm", input: { step: "deploy", dep: "g" } }],
  ["the rule max_concurrent allows more", { action: "sequence.write", input: {} }],
])("in POWER what loosens the rules is asked about twice: %s", async (what, call) => {
  const at = await Workspace.make({
    steps: [
      { id: "build", command: ["true"], sandbox: "required" },
      { id: "deploy", command: ["true"], depends_on: ["g"] },
    ],
    gates: [{ id: "g", name: "G" }],
    rules: { mode: "POWER" },
    policy: { max_concurrent: 2 },
  });
  const before = at.definition;
  const loose = before.replace(/^policy:\n(?: .*\n)+/m, "");
  const input = call.action === "sequence.write" ? { text: loose } : call.input;
  const { chat } = await chatOf(at, scripted([[proposing({ ...call, input })]]));
  const said = await exchange(chat, "do it");
  const why = `it loosens the rules: ${what}`;
  expect(said.last("diff").verdict).toEqual({ mode: "POWER", ask: 2, why });
  expect(said.last("done").applied).toBeNull();
  expect(at.definition).toBe(before);
});

test("of a proposal one can take a part, and run what comes of it", async () => {
  const at = await make();
  const { chat } = await chatOf(at, undefined, {}, await seqctlArgv());
  const said = await exchange(chat, 'add lint and audit after build with command "true"');
  const wanted = { proposal: said.last("actions").proposal as string, actions: [1], run: true };
  expect(refused(await chat.apply({ ...wanted, actions: [2] }, person, {})).code).toBe("input.invalid");
  const question = refused(await chat.apply(wanted, person, {}));
  if (question.code !== "confirm.required") throw new Error(JSON.stringify(question));
  expect(question.shows.map((line) => line.split(" ")[0])).toEqual([
    ...["step.add", "run.start"],
    ...["+", "build:", "deploy:", "audit:"],
  ]);
  expect(refused(await chat.apply(wanted, person, {}))).toEqual(question);
  const done = value(await chat.apply(wanted, person, { confirm: question.confirm }));
  expect(done.pursued).toBeNull();
  expect(at.definition).toContain("id: audit");
  expect(at.definition).not.toContain("id: lint");
  await until("the run's end", async () => (await at.status()).counts.DONE === 3);
  const left = await at.json(["inbox"]);
  expect(left.doc.proposals).toEqual([]);
});

test("a sequence that has moved on since: rebased and shown again, or refused with what changed", async () => {
  const at = await make();
  const { chat, threados } = await chatOf(at);
  const fits = await exchange(chat, "add lint after build");
  const breaks = await exchange(chat, "remove deploy");
  value(
    await threados.dispatch({ action: "step.add", input: { id: "other", depends_on: ["deploy"] } }, person),
  );
  const moved = refused(
    await chat.apply({ proposal: fits.last("actions").proposal }, person, {
      confirm: fits.last("diff").confirm,
    }),
  );
  if (moved.code !== "chat.moved") throw new Error(JSON.stringify(moved));
  expect(moved.changed).toEqual(["step other added"]);
  const gone = refused(
    await chat.apply({ proposal: breaks.last("actions").proposal }, person, { yes: true }),
  );
  expect(gone).toMatchObject({ code: "chat.moved", problem: expect.stringContaining("other") });
  expect(gone).not.toHaveProperty("rebased");
  value(await chat.apply({ proposal: moved.rebased ?? "" }, person, { yes: true }));
  expect(at.definition).toContain("id: lint");
});

test("whoever presses twice at once is asked about one proposal, not two", async () => {
  const at = await make();
  const { chat, threados } = await chatOf(at);
  const { last } = await exchange(chat, "add lint after build");
  value(await threados.dispatch({ action: "step.add", input: { id: "other" } }, person));
  const { proposal } = last("actions");
  const pressed = await Promise.all([1, 2, 3].map(() => chat.apply({ proposal }, person, { yes: true })));
  const rebased = pressed.map((each) => refused(each)).map((each) => (each as { rebased?: string }).rebased);
  expect(rebased[0]).toBeString();
  expect(new Set(rebased).size).toBe(1);
});

test("a refused proposal goes back to the model with the reason, and what it mends is shown", async () => {
  const at = await make();
  const bad = proposing({ action: "dep.add", input: { step: "build", dep: "deploy" } });
  const good = proposing({ action: "step.add", input: { id: "lint" } });
  const model = scripted([
    [text("Like this. "), bad],
    [text("Then so."), good],
  ]);
  const { chat } = await chatOf(at, model);
  const said = await exchange(chat, "lint, please");
  expect(said.kinds).toEqual(["message", "actions", "diff", "done"]);
  expect(said.words).toBe("Like this. Then so.");
  expect(model.asked[1]?.messages.slice(-2)).toMatchObject([
    { role: "assistant", uses: [{ name: "propose" }] },
    { role: "results", results: [{ failed: true, text: expect.stringContaining("dep.cycle") }] },
  ]);
});

test("three refused proposals are shown as failed, with the reason", async () => {
  const at = await make();
  const model = scripted([[proposing({ action: "step.rm", input: { id: "nobody" } })]]);
  const { chat } = await chatOf(at, model);
  const said = await exchange(chat, "remove it");
  expect(said.last("actions")).toMatchObject({ proposal: null, failed: { code: "step.unknown" } });
  expect(said.records.at(-1)?.type).toBe("done");
  expect(model.asked.length).toBe(3);
});

test.each([
  [
    "no JSON",
    { type: "use", use: { id: "u", name: "propose", input: {}, malformed: '{"calls": [' } } as const,
  ],
  ["no list", use("propose", { calls: "rm" })],
  ["no calls", use("propose", { calls: [] })],
  ["calls without a form", use("propose", { calls: [{ action: 1, input: [] }] })],
  ["an unknown action", proposing({ action: "shell.run", input: { line: "rm -rf /" } })],
  ["an approval of a gate", proposing({ action: "gate.approve", input: { id: "look" } })],
  ["an approval of a proposal", proposing({ action: "proposal.approve", input: { id: "01" } })],
])("a proposal of %s is no proposal", async (_, wish) => {
  const at = await make();
  const { chat } = await chatOf(at, scripted([[wish]]));
  const said = await exchange(chat, "do it");
  expect(said.last("actions")).toMatchObject({ proposal: null, failed: { message: expect.any(String) } });
  expect(fs.existsSync(at.path(".threados/proposals"))).toBe(false);
});

test("a model that only reads on and on is ended", async () => {
  const at = await make();
  const { chat } = await chatOf(at, scripted([[use("read_status", {})]]));
  const said = await exchange(chat, "and?");
  expect(said.last("error")).toMatchObject({
    code: "chat.failed",
    message: expect.stringContaining("went on reading"),
    tainted: true,
  });
});

test("a thousand steps stay within the budget, and the tools tell the rest", async () => {
  const many = Array.from({ length: 1000 }, (_, index) => ({
    id: `step-${index}`,
    command: ["echo", "x".repeat(100)],
  }));
  const at = await Workspace.make({ steps: many });
  const model = scripted([[text("Fine.")]]);
  const { chat } = await chatOf(at, model);
  await exchange(chat, "how is it?");
  expect(model.asked[0]?.context.length).toBeLessThan(26_000);
  expect(model.asked[0]?.context).toMatch(/Steps: 1000 .*\d+ more nodes are not shown/s);
});

test("a part of a proposal can be looked at without anything being written, then applied; the conversation says what became of it", async () => {
  const at = await make();
  const { chat } = await chatOf(at);
  const said = await exchange(chat, "rename build to Make\nrename deploy to Ship");
  const { proposal } = said.last("actions");
  const audit = at.audit().length;
  const part = value(await chat.preview({ proposal, actions: [1] }));
  expect(part).toMatchObject({ proposal, moved: null, verdict: { ask: 1 }, base: said.last("diff").base });
  expect(part.unified).toContain("Ship");
  expect(part.unified).not.toContain("Make");
  expect(at.audit()).toHaveLength(audit);
  expect(refused(await chat.preview({ proposal, actions: [2] })).code).toBe("input.invalid");

  const question = refused(await chat.apply({ proposal, actions: [1] }, person, {}));
  const confirm = question.code === "confirm.required" ? question.confirm : "";
  value(await chat.apply({ proposal, actions: [1] }, person, { confirm }));
  const { records } = value(await chat.show(said.conversation));
  expect(records.find(({ type }) => type === "actions")?.data.decision).toBe("replaced");
  expect(refused(await chat.preview({ proposal })).code).toBe("proposal.decided");
});

test("what undo takes back names the proposal that it was, also of a part of one and of one on another text", async () => {
  const at = await make();
  const { chat, threados } = await chatOf(at);
  const undone = async () => value(await threados.query("sequence.history", {}));
  const said = async (words: string) => (await exchange(chat, words)).last("actions").proposal as string;
  const whole = await said("rename build to Make");
  const part = await said("add lint after build\nrename deploy to Ship");
  const moved = await said("add audit after build");

  value(await chat.apply({ proposal: whole }, person, { yes: true }));
  expect(await undone()).toMatchObject({ undo: { proposal: whole }, redo: null });
  const { base } = value(await chat.preview({ proposal: part, actions: [1] }));
  expect(refused(await chat.apply({ proposal: part, actions: [1], base }, person, {})).code).toBe(
    "confirm.required",
  );
  value(await chat.apply({ proposal: part, actions: [1], base }, person, { yes: true }));
  expect(await undone()).toMatchObject({ undo: { proposal: part } });
  const now = value(await chat.preview({ proposal: moved }));
  value(await chat.apply({ proposal: moved, base: now.base }, person, { yes: true }));
  expect(await undone()).toMatchObject({ undo: { proposal: moved } });
  value(await threados.dispatch({ action: "sequence.undo", input: {} }, person, { yes: true }));
  expect(await undone()).toMatchObject({ undo: { proposal: part }, redo: { proposal: moved } });
  value(
    await threados.dispatch({ action: "step.edit", input: { id: "deploy", name: "Late" } }, person, {
      yes: true,
    }),
  );
  expect(await undone()).toMatchObject({ undo: { proposal: null }, redo: null });
});

test("a proposal that was overtaken is applied to what stands now by whoever has seen what it does there", async () => {
  const at = await make();
  const { chat, threados } = await chatOf(at);
  const said = await exchange(chat, "rename build to Make");
  const { proposal } = said.last("actions");
  const edit = { action: "step.edit", input: { id: "deploy", name: "Ship" } };
  value(await threados.dispatch(edit, person, { yes: true }));
  const now = value(await chat.preview({ proposal }));
  expect(now.moved).toEqual(["step deploy changed"]);
  expect(refused(await chat.apply({ proposal }, person, { yes: true })).code).toBe("chat.moved");
  const old = { proposal, base: said.last("diff").base };
  expect(refused(await chat.apply(old, person, { yes: true })).code).toBe("chat.moved");
  value(await chat.apply({ proposal, base: now.base }, person, { yes: true }));
  expect(at.definition).toContain("Make");
  expect(at.definition).toContain("Ship");

  const gone = await exchange(chat, "rename deploy to Late");
  value(await threados.dispatch({ action: "step.rm", input: { id: "deploy" } }, person, { yes: true }));
  const moved = refused(await chat.preview({ proposal: gone.last("actions").proposal }));
  expect(moved).toMatchObject({ code: "chat.moved", changed: ["step deploy removed"] });
});

test("what could not be run right behind a proposal is said with it, before anybody asks for it", async () => {
  const at = await make();
  const { chat } = await chatOf(at);
  const said = await exchange(chat, "add a step lint after build");
  expect(said.last("diff")).toMatchObject({
    forecast: { bare: ["lint"] },
    unrunnable: { message: "step 'lint' has nothing to run", hint: expect.stringContaining("--command") },
  });
  const { proposal } = said.last("actions");
  expect(refused(await chat.apply({ proposal, run: true }, person, {})).code).toBe("step.no_command");
  const tried = await chat.preview({ proposal });
  expect(tried).toMatchObject({ ok: true, value: { unrunnable: { message: expect.any(String) } } });
  const whole = await exchange(chat, 'add a step lint after build with command "npm run lint"');
  expect(whole.last("diff")).toMatchObject({ forecast: { bare: [] }, unrunnable: null });
});

test("a proposal that was made by hand since is shown as that", async () => {
  const at = await make();
  const { chat, threados } = await chatOf(at);
  const said = await exchange(chat, "rename build to Build it");
  const { calls } = said.last("actions");
  for (const { action, input } of calls) value(await threados.dispatch({ action, input }, person));
  const shown = value(await chat.show(said.conversation));
  expect(shown.records.find(({ type }) => type === "actions")?.data.decision).toBe("made");
  const { proposal } = said.last("actions");
  expect(refused(await chat.preview({ proposal })).code).toBe("proposal.decided");
});

test("undo that, said of a proposal nobody has decided on, means the proposal and no change from before", async () => {
  const at = await make();
  const { chat } = await chatOf(at);
  const first = await exchange(chat, "rename build to Compile");
  const { proposal } = first.last("actions");
  const again = await exchange(chat, "undo that", first.conversation);
  expect(again.kinds).toEqual(["message", "done"]);
  expect(again.last("message").text).toContain("has not been applied, so there is nothing to take back");
  expect(again.last("message").text).toContain("undo the last change");

  const plain = await exchange(chat, "rename build to Compile", first.conversation);
  const undo = await exchange(chat, "undo", first.conversation);
  expect(undo.kinds).not.toContain("diff");
  expect(plain.last("actions").proposal).not.toBe(proposal);
  const asked = refused(await chat.apply({ proposal: plain.last("actions").proposal }, person, {}));
  value(
    await chat.apply({ proposal: plain.last("actions").proposal }, person, {
      confirm: (asked as { confirm: string }).confirm,
    }),
  );
  await exchange(chat, "rename deploy to Ship", first.conversation);
  const other = await exchange(chat, "status", first.conversation);
  expect(other.kinds).toContain("done");
  const now = await exchange(chat, "undo that", first.conversation);
  expect(now.last("actions").calls).toMatchObject([{ action: "sequence.undo" }]);
});

import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Caller } from "../../lib/core/actor";
import { dispatch } from "../../lib/runtime/dispatch";
import type { DispatchOptions } from "../../lib/runtime/passage";
import type { ProposalDoc } from "../../lib/runtime/proposal-doc";
import { query } from "../../lib/runtime/query";
import { opened, sayIn } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const person: Caller = { actor: "user", surface: "http" };
const agent: Caller = { actor: "agent:a", surface: "cli" };

const make = () =>
  Workspace.make({
    steps: [
      { id: "a", command: ["sh", "-c", "echo ran >> ran.txt"] },
      { id: "b", command: ["true"] },
    ],
  });

/** Calls the door as somebody. */
async function call(
  at: Workspace,
  action: string,
  input: object,
  as: Caller = agent,
  options: DispatchOptions = {},
) {
  const { ports } = await opened(at);
  return dispatch(ports, { action, input }, as, options);
}

/** What an agent proposes; the id of the proposal. */
async function propose(at: Workspace, action: string, input: object): Promise<string> {
  const result = await call(at, action, input);
  if (result.ok || result.failure.code !== "approval.pending") throw new Error("it was not kept");
  return result.failure.proposal ?? "";
}

const inbox = async (at: Workspace): Promise<ProposalDoc[]> => (await at.json(["inbox"])).doc.proposals;

describe("the inbox shows of a proposal", () => {
  test("the words that would run, and the change of the sequence, field by field", async () => {
    const at = await make();
    await propose(at, "run.start", { scope: "step", id: "a" });
    await propose(at, "step.edit", { id: "b", command: ["rm", "a b"] });
    const [run, edit] = await inbox(at);
    expect(run).toMatchObject({
      state: "ready",
      commands: [{ step: "a", command: ["sh", "-c", "echo ran >> ran.txt"] }],
      diff: { nodes: [] },
      times: 1,
    });
    expect(edit?.diff?.nodes).toEqual([
      {
        kind: "step",
        id: "b",
        change: "changed",
        fields: [{ field: "command", before: ["true"], after: ["rm", "a b"] }],
      },
    ]);
    // The same for people: a sentence for each call, the lines of the file, what comes beside, what the rules say.
    const { summary } = run as ProposalDoc;
    expect(run).toMatchObject({
      sentences: [summary],
      unified: "",
      beside: [expect.stringContaining('a: ["sh","-c","echo ran >> ran.txt"]')],
      verdict: { ask: 1, why: "mode SAFE" },
    });
    expect(edit).toMatchObject({ sentences: ["change command of step b"], beside: [], verdict: { ask: 0 } });
    expect(edit?.unified.split("\n").filter((line) => /^[-+] /.test(line)).length).toBeGreaterThan(1);
    const { out } = await at.seqctl(["inbox"]);
    expect(out).toContain('a: ["sh","-c","echo ran >> ran.txt"]');
    expect(out).toContain('~ step b, command: ["true"] → ["rm","a b"]');
  });

  test("a sentence for each edit of a change, also once it can't be made any more", async () => {
    const at = await make();
    const calls = [
      { action: "step.edit", input: { id: "b", name: "B" } },
      { action: "step.add", input: { id: "c", command: ["true"] } },
    ];
    await propose(at, "sequence.change", { calls });
    const sentences = ["change name of step b", "add step c"];
    expect(await inbox(at)).toMatchObject([{ state: "ready", sentences }]);
    await at.json(["step", "rm", "b", "--yes"]);
    expect(await inbox(at)).toMatchObject([{ state: "stale", sentences, unified: "", verdict: null }]);
  });

  test("that it asks twice, if one of its calls would", async () => {
    const at = await make();
    await propose(at, "step.rm", { id: "b" });
    expect(await inbox(at)).toMatchObject([{ times: 2 }]);
    const [{ id }] = (await inbox(at)) as [ProposalDoc];
    expect(await call(at, "proposal.approve", { id }, person)).toMatchObject({
      failure: { code: "confirm.required", times: 2, why: "it removes something" },
    });
  });
});

test("a yes is bound to what was shown: the digest carries it out, another one does not", async () => {
  const at = await make();
  const id = await propose(at, "step.add", { id: "c", command: ["true"] });
  const asked = await call(at, "proposal.approve", { id }, person);
  if (asked.ok || asked.failure.code !== "confirm.required") throw new Error("nobody was asked");
  expect(asked.failure.shows.join("\n")).toContain('+ step c {"command":["true"]}');
  const { confirm } = asked.failure;
  expect((await inbox(at))[0]?.confirm).toBe(confirm);
  expect(await call(at, "proposal.approve", { id }, person, { confirm: "0".repeat(64) })).toMatchObject({
    failure: { code: "confirm.stale" },
  });
  expect(await call(at, "proposal.approve", { id }, agent, { confirm })).toMatchObject({
    failure: { code: "agent.forbidden" },
  });
  expect(await call(at, "proposal.approve", { id }, person, { confirm })).toMatchObject({ ok: true });
  expect(at.definition).toContain("id: c");
  expect(await inbox(at)).toEqual([]);
});

describe("when the sequence has moved", () => {
  test.each([
    [
      "a variable that a program is loaded by",
      { env: { A: "1", NODE_OPTIONS: "-r ./x.js", API_TOKEN: "abc-9" } },
      'b: with the environment {"A":"1","NODE_OPTIONS":"-r ./x.js","API_TOKEN":"•••"}',
    ],
    ["another folder", { cwd: "sub" }, "b: in the folder sub"],
    ["the network", { network: true }, "b: with the network in its sandbox"],
  ])("a run whose words are the same is no longer the same one with %s", async (_, given, line) => {
    const at = await make();
    const id = await propose(at, "run.start", { scope: "step", id: "b" });
    const confirm = (await inbox(at))[0]?.confirm ?? "";
    expect(await call(at, "step.edit", { id: "b", ...given }, person)).toMatchObject({ ok: true });
    expect(await inbox(at)).toMatchObject([{ state: "moved", changed: [`now: ${line}`] }]);
    const refused = await call(at, "proposal.approve", { id }, person, { confirm });
    expect(refused).toMatchObject({ failure: { code: "proposal.moved" } });
    const asked = await call(at, "run.start", { scope: "step", id: "b" }, person);
    expect(asked).toMatchObject({
      failure: { shows: expect.arrayContaining([line]), about: { starts: [{ step: "b" }] } },
    });
  });

  test("a change that is still the same one is made", async () => {
    const at = await make();
    const id = await propose(at, "step.add", { id: "c", command: ["true"] });
    expect((await at.seqctl(["step", "edit", "b", "--name", "B"])).exit).toBe(0);
    expect(await inbox(at)).toMatchObject([
      { state: "ready", changed: [], out_of_date: false, standing: null, remedy: null },
    ]);
    expect((await at.seqctl(["approve", id, "--yes"])).exit).toBe(0);
  });

  test("a change that became another one is refused, said, and waits for a new yes", async () => {
    const at = await make();
    const id = await propose(at, "run.start", { scope: "step", id: "a" });
    at.write("evil", "");
    expect((await at.seqctl(["step", "edit", "a", "--command", '["rm","evil"]'])).exit).toBe(0);
    expect(await inbox(at)).toMatchObject([{ state: "moved" }]);
    const { out } = await at.seqctl(["inbox"]);
    expect(out).toContain(
      "out of date: the sequence changed since, and it would now do something else than when it was proposed:",
    );
    expect(out).toContain('changed: now: a: ["rm","evil"]');
    const [{ confirm, next }] = (await inbox(at)) as [ProposalDoc];
    expect(next[0]).toBe(`seqctl approve ${id} --digest ${confirm}`);
    expect(out).toContain(`to have it so all the same: ${next[0]}; else: seqctl reject ${id}\n`);
    const { exit, doc } = await at.json(["approve", id, "--yes"]);
    expect({ exit, code: doc.code }).toEqual({ exit: 5, code: "proposal.moved" });
    expect(doc.error.changed).toEqual([
      'no longer: a: ["sh","-c","echo ran >> ran.txt"]',
      'now: a: ["rm","evil"]',
    ]);
    expect(at.runs()).toEqual([]);
    expect((await at.seqctl(["approve", id, "--digest", doc.error.confirm])).exit).toBe(0);
    expect(await at.standing()).toMatchObject({ a: "DONE 1" });
    expect(at.audit().findLast((entry) => entry.action === "proposal.approve")).toMatchObject({
      target: id,
      payload: { shown: doc.error.confirm },
    });
  });

  test("a person at a terminal is told what changed, and is asked about what it does now", async () => {
    const at = await make();
    const id = await propose(at, "run.start", { scope: "step", id: "b" });
    await at.seqctl(["step", "edit", "b", "--command", '["echo","other"]']);
    const said = await sayIn(at, ["approve", id], { answers: ["n"] });
    expect(said.exit).toBe(3);
    expect(said.err).toContain("it does something else than its proposer saw");
    expect(said.err).toContain('changed since it was proposed: now: b: ["echo","other"]');
    expect((await sayIn(at, ["approve", id], { answers: ["y"] })).exit).toBe(0);
    expect(await at.standing()).toMatchObject({ b: "DONE 1" });
  });

  test.each([
    ["is there already", "step.add", { id: "c" }, ["step", "clone", "b", "c"]],
    ["lost what it is about", "step.edit", { id: "b", name: "B" }, ["step", "rm", "b", "--yes"]],
  ])("a change that %s is marked stale, refused, and can be turned down", async (_, action, input, done) => {
    const at = await make();
    const id = await propose(at, action, input);
    expect((await at.seqctl(done)).exit).toBe(0);
    const before = at.definition;
    expect(await inbox(at)).toMatchObject([{ state: "stale", confirm: null }]);
    expect((await at.seqctl(["inbox"])).out).toContain(`seqctl reject ${id}`);
    expect(await at.json(["approve", id, "--yes"])).toMatchObject({
      exit: 5,
      doc: { code: "proposal.stale" },
    });
    expect(at.definition).toBe(before);
    expect((await at.seqctl(["reject", id, "--reason", "done already"])).exit).toBe(0);
    expect(await inbox(at)).toEqual([]);
    expect(at.audit().at(-1)).toMatchObject({ payload: { reason: "done already" } });
  });
});

describe("a call that a person makes by hand meanwhile", () => {
  test.each<[string, object, string[]]>([
    ["step.add", { id: "c", command: ["true"] }, ["step", "add", "c", "--command", '["true"]']],
    ["step.edit", { id: "b", name: "B" }, ["step", "edit", "b", "--name", "B"]],
    ["run.start", { scope: "step", id: "a" }, ["run", "step", "a", "--yes"]],
  ])("settles the proposal of %s %j", async (action, input, words) => {
    const at = await make();
    const id = await propose(at, action, input);
    const other = await propose(at, "step.edit", { id: "a", name: "A" });
    expect((await at.seqctl(words)).exit).toBe(0);
    expect(await inbox(at)).toMatchObject([{ id: other, state: "ready" }]);
    const late = await sayIn(at, ["approve", id, "--yes"]);
    expect(late).toMatchObject({ exit: 5 });
    expect(late.err).toContain(`proposal ${id} was already made by hand`);
    // Whoever asks for it again asks for it anew.
    if (action === "run.start") expect(await propose(at, "step.restart", { id: "a" })).not.toBe(id);
  });

  test.each<[string, (base: string, text: string) => object]>([
    ["step.edit", (base) => ({ id: "b", name: "B", base })],
    ["gate.edit", (base) => ({ id: "g", name: "G2", base })],
    ["sequence.write", (base, text) => ({ text: `# new\n${text}`, base })],
    [
      "sequence.change",
      (base) => ({ calls: [{ action: "step.edit", input: { id: "b", name: "B", base } }] }),
    ],
  ])(
    "settles the proposal of %s made from a revision, and one from that revision is stale then",
    async (action, inputOf) => {
      const at = await make();
      await at.seqctl(["gate", "insert", "g", "--name", "G"]);
      const { revision } = (await at.json(["status"])).doc;
      const input = inputOf(revision, at.definition);
      await propose(at, action, input);
      const other = await propose(at, "step.edit", { id: "a", name: "A", base: revision });
      expect(await call(at, action, input, person)).toMatchObject({ ok: true });
      expect(JSON.stringify(at.audit().at(-1)?.payload)).not.toContain(revision);
      expect(await inbox(at)).toMatchObject([{ id: other, state: "stale" }]);
      expect(await at.json(["approve", other, "--yes"])).toMatchObject({
        exit: 5,
        doc: { code: "proposal.stale" },
      });
    },
  );

  test("settles it only together with all other calls of it, and no call made before it does", async () => {
    const at = await make();
    expect((await at.seqctl(["run", "step", "a", "--yes"])).exit).toBe(0);
    const again = await propose(at, "step.restart", { id: "a" });
    const { ports } = await opened(at);
    const base = ports.definition.load();
    const both = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    ports.proposals.write({
      ...{ id: both, ts: new Date().toISOString(), actor: "chat", surface: "chat", summary: "two" },
      base: base.ok ? base.value.digest : "",
      calls: ["c", "d"].map((step) => ({ action: "step.add", input: { id: step, command: ["true"] } })),
    });
    const ids = async () => (await inbox(at)).map(({ id }) => id).sort();
    expect(await ids()).toEqual([both, again].sort());
    await at.seqctl(["step", "add", "c", "--command", '["true"]']);
    expect(await ids()).toEqual([both, again].sort());
    await at.seqctl(["step", "add", "d", "--command", '["true"]']);
    expect(await ids()).toEqual([again]);
    await at.seqctl(["restart", "a", "--yes"]);
    expect(await ids()).toEqual([]);
  });

  test("does not make a decision undone that was taken before", async () => {
    const at = await make();
    const id = await propose(at, "step.edit", { id: "b", name: "B" });
    await at.seqctl(["reject", id]);
    await at.seqctl(["step", "edit", "b", "--name", "B"]);
    expect((await at.seqctl(["approve", id, "--yes"])).err).toContain("was already rejected");
  });
});

test("the same call of the same agent is kept once, as long as it waits", async () => {
  const at = await make();
  const id = await propose(at, "step.add", { id: "c" });
  expect(await propose(at, "step.add", { id: "c" })).toBe(id);
  expect(await propose(at, "step.add", { id: "d" })).not.toBe(id);
  await at.seqctl(["reject", id]);
  expect(await propose(at, "step.add", { id: "c" })).not.toBe(id);
});

test("several calls are one change: one entry, one revision, one undo; or nothing at all", async () => {
  const at = await make();
  const { ports } = await opened(at);
  const made = { ts: "2026-01-01T00:00:00.000Z", actor: "chat", surface: "chat", summary: "more" };
  const base = ports.definition.load();
  const good = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  const bad = "01ARZ3NDEKTSV4RRFFQ69G5FAW";
  const add = (id: string, on: string[]) => ({
    action: "step.add",
    input: { id, command: ["true"], depends_on: on },
  });
  const digest = base.ok ? base.value.digest : "";
  ports.proposals.write({ ...made, id: good, base: digest, calls: [add("c", ["b"]), add("d", ["c"])] });
  ports.proposals.write({ ...made, id: bad, base: digest, calls: [add("e", []), add("f", ["nobody"])] });
  const before = at.definition;
  expect((await at.json(["approve", bad, "--yes"])).exit).not.toBe(0);
  expect(at.definition).toBe(before);
  const entries = at.audit().length;
  expect((await at.seqctl(["approve", good, "--yes"])).exit).toBe(0);
  expect(at.audit().slice(entries)).toMatchObject([{ action: "proposal.approve", target: good }]);
  expect(Object.keys(await at.standing())).toEqual(["a", "b", "c", "d"]);
  expect((await at.seqctl(["undo"])).exit).toBe(0);
  expect(at.definition).toBe(before);
});

test("a yes to `run` is bound to what the agents are told", async () => {
  const at = await Workspace.make({ steps: [{ id: "p", model: "claude-code" }] });
  at.write(".threados/prompts/p.md", "say hello\n");
  const asked = await call(at, "run.start", { scope: "all" }, person);
  if (asked.ok || asked.failure.code !== "confirm.required") throw new Error("nobody was asked");
  expect(asked.failure.shows.join("\n")).toContain("p: its prompt, sha256 ");
  at.write(".threados/prompts/p.md", "delete everything\n");
  const { confirm } = asked.failure;
  expect(await call(at, "run.start", { scope: "all" }, person, { confirm })).toMatchObject({
    failure: { code: "confirm.stale" },
  });
  expect(at.runs()).toEqual([]);
});

test("the record says the mode of a no as of a yes, and of an undo over a broken file", async () => {
  const at = await Workspace.make({ steps: [{ id: "a" }, { id: "b" }], rules: { mode: "POWER" } });
  const file = ".threados/sequence.yaml";
  for (const decision of ["approve", "reject"])
    await at.seqctl([decision, await propose(at, "step.edit", { id: "b", name: decision }), "--yes"]);
  at.write(file, `${at.definition}stps: []\n`);
  expect((await at.seqctl(["undo", "--any"])).exit).toBe(0);
  const decided = ["proposal.approve", "proposal.reject", "sequence.undo"];
  const modes = at
    .audit()
    .flatMap(({ action, policy_mode }) => (decided.includes(action) ? [`${action} ${policy_mode}`] : []));
  expect(modes).toEqual(decided.map((action) => `${action} POWER`));
});

test("however many proposals wait, what became of them is found in one pass over the audit log", async () => {
  const at = await make();
  const passes = async () => {
    const { ports } = await opened(at);
    let count = 0;
    const backwards = () => {
      count += 1;
      return ports.audit.backwards();
    };
    const answer = await query({ ...ports, audit: { ...ports.audit, backwards } }, "inbox", {});
    return { count, waiting: answer.ok ? (answer.value as { proposals: object[] }).proposals.length : 0 };
  };
  for (const name of ["A", "B", "C"]) await propose(at, "step.edit", { id: "a", name });
  const few = await passes();
  expect(few.waiting).toBe(3);
  for (const name of ["D", "E", "F", "G"]) await propose(at, "step.edit", { id: "b", name });
  const [first] = await inbox(at);
  expect((await at.seqctl(["reject", first?.id ?? ""])).exit).toBe(0);
  expect((await at.seqctl(["step", "edit", "b", "--name", "E"])).exit).toBe(0);
  expect(await passes()).toEqual({ count: few.count, waiting: 5 });
});

import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { findBubblewrap } from "../../lib/io/sandbox/bubblewrap";
import { probeSandbox } from "../../lib/io/sandbox/probe";
import { type Injection, injectedAt, injections, ordersIn } from "../corpus/injections";
import { chatOf, exchange, proposing, scripted, text, use } from "../rig/chat";
import { opened } from "../rig/fake-shell";
import { armObedient, obedientModel } from "../rig/obedient";
import { lookAt, plantedWorkspace, standOf } from "../rig/planted";
import { cleanUp, type Workspace } from "../rig/workspace";
import { openServer } from "../surfaces/http/harness";

setDefaultTimeout(300_000);

const runtimeDir = process.env.XDG_RUNTIME_DIR;
afterEach(async () => {
  if (runtimeDir === undefined) delete process.env.XDG_RUNTIME_DIR;
  else process.env.XDG_RUNTIME_DIR = runtimeDir;
  await cleanUp();
});

const modes = ["SAFE", "POWER"];

/** What was recorded since, of calls that anybody made. */
const recordedSince = (at: Workspace, entries: number) =>
  at
    .audit()
    .slice(entries)
    .filter(({ surface }) => surface !== "engine");

test("the corpus holds at least forty injections, each its own", () => {
  expect(injections.length).toBeGreaterThanOrEqual(40);
  expect(new Set(injections.map((one) => one.text)).size).toBe(injections.length);
  expect(new Set(injections.map(({ place }) => place)).size).toBeGreaterThan(25);
});

describe.each(modes)("a chat whose model obeys all that it reads (%s)", (mode) => {
  test("changes nothing without a person, wherever the injection stands", async () => {
    const at = await plantedWorkspace({ mode }, {});
    const before = await standOf(at);
    const entries = at.audit().length;
    const obey = async (one: Injection) => {
      const probe = await chatOf(at);
      const [tool, input] = lookAt(one);
      const { model, obeyed } = obedientModel([use(tool, input)], one.id, probe.own.readLine);
      const { chat } = await chatOf(at, model);
      const said = await exchange(chat, "how is it going?");
      expect([one.id, one.place, obeyed.length]).toEqual([one.id, one.place, 1]);
      expect(said.last("done")).toMatchObject({ tainted: true });
      expect(said.last("done").applied ?? null).toBeNull();
      return said.last("actions")?.proposal ?? null;
    };
    const proposals: (string | null)[] = [];
    for (const one of injections) proposals.push(await obey(one));
    // The test is worth something only if much of what was ordered could have been carried out.
    expect(proposals.filter((id) => id !== null).length).toBeGreaterThan(15);
    expect(await standOf(at)).toEqual(before);
    for (const entry of recordedSince(at, entries)) {
      const { action, actor, result } = entry;
      // What it reached for and may not is on record as refused, under its own name where it is a person's decision.
      if (result === "denied") expect(action).toMatch(/^(gate|proposal)\.(approve|reject|block)$/);
      else expect(action).toBe("chat.propose");
      expect({ actor, result }).toEqual({
        actor: "chat",
        result: expect.stringMatching(/^(pending|denied|error)$/),
      });
    }
  });
});

/** Runs the step whose agent obeys to its end; exit codes of what it did, by injection. */
async function letObey(at: Workspace, port: number): Promise<Map<string, string>> {
  const env = await armObedient(at, port);
  const ran = await at.seqctl(["run", "step", "obey", "--yes"], { env });
  expect(ran).toMatchObject({ exit: 0 });
  return new Map(at.lines("obeyed").map((line) => line.split(" ") as [string, string]));
}

describe.each(modes)("an agent within a step that obeys all that it reads (%s)", (mode) => {
  test("changes nothing through seqctl, HTTP or MCP without a person", async () => {
    const spared = injections.filter(({ needsSandbox }) => needsSandbox).map(({ id }) => id);
    const at = await plantedWorkspace({ mode }, { env: { SPARED: spared.join(" ") } });
    // The server stands in this process, and knows steps' tokens by the secret in the workspace's own runtime folder.
    process.env.XDG_RUNTIME_DIR = at.env.XDG_RUNTIME_DIR as string;
    const server = await openServer({ workspace: await opened(at) });
    const before = await standOf(at);
    const entries = at.audit().length;
    const obeyed = await letObey(at, server.port);
    await server.close();
    expect([...obeyed.keys()].sort()).toEqual(
      injections.filter(({ needsSandbox }) => !needsSandbox).map(({ id }) => id),
    );
    expect(await standOf(at)).toEqual(before);
    const [started, ...rest] = recordedSince(at, entries);
    expect(started).toMatchObject({ action: "run.start", actor: "user", result: "success" });
    expect(rest.length).toBeGreaterThan(25);
    for (const { actor, surface, result, action } of rest) {
      expect([actor, surface, action, result]).toEqual([
        "agent:obey",
        expect.stringMatching(/^(?:cli|http|mcp)$/),
        action,
        expect.stringMatching(/^(?:denied|pending|error)$/),
      ]);
    }
    expect(new Set(rest.map(({ surface }) => surface))).toEqual(new Set(["cli", "http", "mcp"]));
    expect((await at.seqctl(["audit", "verify"])).exit).toBe(0);
  });
});

const confined = findBubblewrap() !== undefined && (await probeSandbox()).works;

describe.skipIf(!confined)("in a sandbox (skipped where bubblewrap does not hold)", () => {
  test("an agent that obeys all that it reads can't write past the doors either", async () => {
    const at = await plantedWorkspace({}, { sandbox: "required" });
    const before = await standOf(at);
    const log = at.read(".threados/audit.log");
    const obeyed = await letObey(at, 1);
    expect([...obeyed.keys()].sort()).toEqual(injections.map(({ id }) => id));
    for (const { id, needsSandbox } of injections)
      if (needsSandbox) expect([id, obeyed.get(id)]).not.toEqual([id, "0"]);
    expect(await standOf(at)).toEqual(before);
    expect(at.read(".threados/audit.log")).toStartWith(log);
    expect((await at.seqctl(["audit", "verify"])).exit).toBe(0);
  });
});

describe("in POWER, where a chat's edit is applied at once unless text from elsewhere was read,", () => {
  const edit = proposing({ action: "step.edit", input: { id: "later", timeout_ms: 1000 } });
  const make = () => plantedWorkspace({ mode: "POWER" }, {});

  test("it is applied at once where nothing was read", async () => {
    const at = await make();
    const { chat } = await chatOf(at, scripted([[edit]]));
    const said = await exchange(chat, "a second for later");
    expect(said.last("done")).toMatchObject({ tainted: false, applied: expect.any(Number) });
    expect(at.definition).toContain("timeout_ms: 1000");
  });

  test("what a model is told unasked holds nothing that anybody wrote in words", async () => {
    const at = await make();
    const model = scripted([[text("Well.")]]);
    const { chat } = await chatOf(at, model);
    await exchange(chat, "hello");
    const [asked] = model.asked;
    expect(asked?.context).toMatch(/^step work DONE .*"runs":"sh".* also name,description,env$/m);
    expect(ordersIn(JSON.stringify([asked?.system, asked?.context, asked?.tools]))).toEqual([]);
  });

  test.each([
    [
      "a refusal that quotes a file",
      proposing({ action: "template.apply", input: { type: "torn", id: "x" } }),
    ],
    ["an answer", use("read_step", { id: "work" })],
    ["a refused look", use("read_template_show", { type: "torn" })],
  ])("%s makes it wait", async (_, look) => {
    const at = await make();
    const before = at.definition;
    const model = scripted([[look], [edit]]);
    const { chat } = await chatOf(at, model);
    const said = await exchange(chat, "a second for later");
    expect(ordersIn(JSON.stringify(model.asked[1]?.messages))).not.toEqual([]);
    expect(JSON.stringify(model.asked[1]?.messages)).toContain("not instructions");
    expect(said.last("diff").verdict).toMatchObject({ ask: 1, why: "text from elsewhere was read" });
    expect(said.last("done")).toMatchObject({ tainted: true, applied: null });
    expect(at.definition).toBe(before);
  });

  test("what was repeated from elsewhere in an earlier answer makes it wait", async () => {
    const at = await make();
    const before = at.definition;
    const [old] = injectedAt("chat-history") as [Injection];
    const look = use("read_artifact", { step: "work", name: `${old.id}.txt` });
    const first = await chatOf(at, scripted([[look], [text(old.text)]]));
    const { conversation } = await exchange(first.chat, "what did it say?");
    const { model, obeyed } = obedientModel([], old.id, first.own.readLine);
    const later = await chatOf(at, model);
    const said = await exchange(later.chat, "and now?", conversation);
    expect(obeyed).toEqual(["seqctl redo --yes"]);
    expect(said.last("done")).toMatchObject({ tainted: true });
    const edited = await exchange((await chatOf(at, scripted([[edit]]))).chat, "a second", conversation);
    expect(edited.last("done").applied).toBeNull();
    expect(at.definition).toBe(before);
  });

  test("a file that can't be read, and says so in its own words, makes what follows wait", async () => {
    const at = await make();
    const whole = at.definition;
    at.write(".threados/sequence.yaml", `${injectedAt("readme")[0]?.text}: [\n`);
    const { conversation } = await exchange((await chatOf(at, scripted([[edit]]))).chat, "hello");
    at.write(".threados/sequence.yaml", whole);
    const said = await exchange((await chatOf(at, scripted([[edit]]))).chat, "a second", conversation);
    expect(said.last("done")).toMatchObject({ tainted: true, applied: null });
    expect(at.definition).toBe(whole);
  });
});

import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { until } from "../rig/deadline";
import { opened } from "../rig/fake-shell";
import { Held } from "../rig/held";
import { processesWith } from "../rig/processes";
import { cleanUp, type Doc, Workspace } from "../rig/workspace";
import { asRequest, type Call, calls } from "./every-action";
import { openServer } from "./http/harness";
import { agentIn } from "./mcp/client";

setDefaultTimeout(300_000);
const runtimeDir = process.env.XDG_RUNTIME_DIR;
afterEach(async () => {
  if (runtimeDir === undefined) delete process.env.XDG_RUNTIME_DIR;
  else process.env.XDG_RUNTIME_DIR = runtimeDir;
  await cleanUp();
});

const making = {
  steps: [
    { id: "a", command: ["true"] },
    { id: "b", command: ["true"] },
  ],
  gates: [{ id: "g", name: "G", depends_on: ["a"] }],
};

/** What became of a call to which nobody said yes. */
type Said = (call: Call) => Promise<string>;
type Connect = (at: Workspace, token: string) => Promise<{ say: Said; close?: () => Promise<void> }>;

/** One word for what was answered: done, asked about, left for a person, or the refusal. */
const wordFor = (code: string | undefined) =>
  ({ "confirm.required": "asked", "approval.pending": "pending" })[code ?? ""] ?? code ?? "done";

async function overHttp(at: Workspace, headers: Record<string, string>) {
  process.env.XDG_RUNTIME_DIR = at.env.XDG_RUNTIME_DIR as string;
  const server = await openServer({ workspace: await opened(at) });
  const say: Said = async (call) => {
    const answer = await server.post(...asRequest(call), headers);
    return wordFor(((await answer.json()) as Doc).code);
  };
  return { say, close: () => server.close() };
}

/** Who calls, by which surface. A person at a command line without a terminal can't be asked: it is left for one. */
const callers: [who: string, isAgent: boolean, connect: Connect][] = [
  [
    "a person over CLI",
    false,
    async (at) => ({
      say: async ({ argv }) => wordFor((await at.json(argv)).doc.code).replace("pending", "asked"),
    }),
  ],
  ["a person over HTTP", false, (at) => overHttp(at, {})],
  [
    "a step over CLI",
    true,
    async (at) => ({
      say: async ({ argv }) =>
        wordFor((await at.json(argv, { env: { THREADOS_ATTEMPT: `${at.runs()[0]}/worker/1` } })).doc.code),
    }),
  ],
  ["a step over HTTP", true, (at, token) => overHttp(at, { authorization: `Bearer ${token}` })],
  ...([undefined, "worker"] as const).map((step): [string, boolean, Connect] => [
    `${step ? "a step" : "a client"} over MCP`,
    true,
    async (at) => {
      const agent = await agentIn(at, step);
      return {
        say: async ({ action, input }) =>
          wordFor((await agent.call(action.replace(".", "_"), input)).body.code),
        close: () => agent.client.close(),
      };
    },
  ]),
];

/** What a person is answered in SAFE and in POWER, and what an agent is, in either. */
const table: Record<string, [safe: string, power: string, agent: string]> = {
  "sequence.write": ["done", "done", "pending"],
  "sequence.edit": ["done", "done", "pending"],
  "step.add": ["done", "done", "pending"],
  "step.edit": ["done", "done", "pending"],
  "step.clone": ["done", "done", "pending"],
  "dep.add": ["done", "done", "pending"],
  "dep.rm": ["done", "done", "pending"],
  "gate.insert": ["done", "done", "pending"],
  "gate.edit": ["done", "done", "pending"],
  "sequence.change": ["done", "done", "pending"],
  "gate.rm": ["asked", "asked", "pending"],
  "group.parallelize": ["done", "done", "pending"],
  "fusion.create": ["done", "done", "pending"],
  "template.apply": ["done", "done", "pending"],
  "prompt.edit": ["done", "done", "pending"],
  "sequence.undo": ["done", "done", "undo.other_actor"],
  "sequence.redo": ["done", "done", "undo.other_actor"],
  "step.rm": ["asked", "asked", "pending"],
  "run.start": ["asked", "done", "pending"],
  "step.restart": ["asked", "done", "pending"],
  "step.rerun": ["asked", "done", "pending"],
  "gate.approve": ["asked", "asked", "agent.forbidden"],
  "gate.block": ["done", "done", "pending"],
  "gate.reject": ["done", "done", "pending"],
  // There is no candidate to pick: picking is asked about in its own tests.
  "fusion.pick": ["fusion.unknown", "fusion.unknown", "fusion.unknown"],
  "worktree.gc": ["done", "done", "pending"],
  "run.stop": ["done", "done", "pending"],
  "proposal.approve": ["asked", "asked", "agent.forbidden"],
  "proposal.reject": ["done", "done", "agent.forbidden"],
  // To the other mode: what narrows is not asked about.
  "policy.mode": ["asked", "done", "agent.forbidden"],
  "policy.sandbox": ["asked", "asked", "agent.forbidden"],
  "run.cancel": ["done", "done", "pending"],
};

const words = (line: string) => line.split(" ");
/** What makes a call possible that is refused otherwise, and the call itself where it is another one. */
const possible: Record<string, { before: Made[]; argv?: string[]; input?: Doc }> = {
  "gate.rm": { before: [{ action: "dep.rm", input: { step: "d", dep: "h" } }] },
  "fusion.create": {
    before: ["e", "k", "f"].map((id) => ({
      action: "step.add",
      input: id === "f" ? { id } : { id, type: "f" },
    })),
    argv: words("fusion create --candidates e,k --synth f"),
    input: { candidates: ["e", "k"], synth: "f" },
  },
  "run.stop": { before: [], argv: words("stop other"), input: { id: "other" } },
  "policy.sandbox": { before: [{ action: "policy.sandbox", input: { sandbox: "required" } }] },
};

type Made = Pick<Call, "action" | "input">;
/** A person's call, with a yes. */
type Settle = (call: Made) => Promise<unknown>;

/** The call as it is made in this workspace. */
async function callIn(at: Workspace, call: Call, mode: string, settle: Settle): Promise<Call> {
  const { action } = call;
  if (action === "sequence.write") {
    const text = `${at.definition}# a comment\n`;
    return { action, argv: ["write", text], input: { text } };
  }
  if (action === "policy.mode") {
    const other = mode === "SAFE" ? "POWER" : "SAFE";
    return { action, argv: ["policy", "mode", other], input: { mode: other } };
  }
  if (action.startsWith("proposal.")) {
    await (await agentIn(at)).call("step_add", { id: `late-${action.slice("proposal.".length)}` });
    const id = (await at.json(["inbox"])).doc.proposals.at(-1).id;
    return { action, argv: [action.slice("proposal.".length), id], input: { id } };
  }
  const { before = [], ...other } = possible[action] ?? {};
  for (const each of before) await settle(each);
  return { ...call, ...other };
}

/** Waits until so many attempts of a step have ended. */
const hasEnded = (at: Workspace, id: string, attempts: number) =>
  until(`${id} to end`, () => {
    const ended = at.facts().filter(({ type, step }) => type === "attempt.exited" && step === id);
    return ended.length >= attempts;
  });

test("the table names every action", () => {
  expect(Object.keys(table).toSorted()).toEqual(calls.map(({ action }) => action).toSorted());
});

describe.each(["SAFE", "POWER"] as const)("in %s, to what nobody has said yes to,", (mode) => {
  test.each(callers)("every action of %s is done, asked about or refused", async (_, isAgent, connect) => {
    const at = await Workspace.make({ ...making, rules: { mode } });
    const held = new Held(at);
    fs.mkdirSync(at.env.XDG_RUNTIME_DIR as string, { recursive: true });
    for (const id of ["worker", "other"])
      await at.seqctl(["step", "add", id, "--command", JSON.stringify(held.command(id))]);
    await at.seqctl(["run", "--only", "worker,other", "--detach", "--yes"]);
    for (const id of ["worker", "other"]) await held.hasBegun(id);
    const [pid] = processesWith("THREADOS_ATTEMPT", `${at.runs()[0]}/worker/1`);
    const token = /\0THREADOS_TOKEN=([^\0]+)/.exec(fs.readFileSync(`/proc/${pid}/environ`, "latin1"))?.[1];
    const { dispatch } = await opened(at);
    const settle: Settle = (call) => dispatch(call, { actor: "user", surface: "cli" }, { yes: true });
    const { say, close } = await connect(at, token ?? "");
    const seen: Record<string, string> = {};
    for (const action of Object.keys(table)) {
      const call = await callIn(at, calls.find((one) => one.action === action) as Call, mode, settle);
      const before = [at.definition, at.read(".threados/policy.yaml")];
      seen[action] = await say(call);
      const wasDone = seen[action] === "done";
      if (isAgent && !wasDone) expect([at.definition, at.read(".threados/policy.yaml")]).toEqual(before);
      // So that the next one finds what it is about; the mode stays as it is.
      if (!wasDone && action !== "policy.mode") await settle(call);
      const ran = { "run.start": ["a", 1], "step.restart": ["b", 1], "step.rerun": ["b", 2] }[action];
      if (ran) await hasEnded(at, ...(ran as [string, number]));
    }
    const column = isAgent ? 2 : mode === "SAFE" ? 0 : 1;
    expect(seen).toEqual(Object.fromEntries(Object.entries(table).map(([name, row]) => [name, row[column]])));
    await close?.();
  });
});

import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { actionNames, findAction } from "../../lib/core/actions";
import type { Actor, Surface } from "../../lib/core/actor";
import { judge, type Risk } from "../../lib/core/policy/decide";
import { effectivePolicy, type Mode } from "../../lib/core/policy/policy";
import type { Step } from "../../lib/core/sequence/schema";
import { opened } from "../rig/fake-shell";
import { cleanUp, type Doc, Workspace } from "../rig/workspace";
import { asRequest, type Call, calls } from "./every-action";
import { openServer } from "./http/harness";
import { agentIn } from "./mcp/client";

setDefaultTimeout(180_000);
afterEach(cleanUp);

const making = {
  steps: [
    { id: "a", command: ["true"] },
    { id: "b", command: ["true"] },
  ],
  gates: [{ id: "g", name: "G", depends_on: ["a"] }],
};

test("every action of the registry has its call here", () => {
  // Where nodes stand on the canvas changes nothing that runs, and is not recorded.
  const all = [...calls.map(({ action }) => action), "layout.place"];
  expect(all.toSorted()).toEqual(actionNames.toSorted());
});

/** What a person or an agent recorded; what the engine says by itself is not counted. */
const recorded = (at: Workspace) => at.audit().filter(({ surface }) => surface !== "engine");

/** A surface on which a call is made, and a person's yes given where it is asked for. */
type Say = (call: Call) => Promise<{ code: string | undefined; asked: boolean }>;

const surfaces: Record<string, (at: Workspace) => Promise<{ say: Say; close: () => Promise<void> }>> = {
  CLI: async (at) => ({
    say: async ({ argv }) => {
      const { doc } = await at.json([...argv, "--yes"]);
      return { code: doc.code, asked: false };
    },
    close: async () => undefined,
  }),
  HTTP: async (at) => {
    const server = await openServer({ workspace: await opened(at) });
    const post = async (path: string, body: Doc) => (await (await server.post(path, body)).json()) as Doc;
    return {
      say: async (call) => {
        const [path, body] = asRequest(call);
        const before = recorded(at).length;
        const first = await post(path, body);
        if (first.code !== "confirm.required") return { code: first.code, asked: false };
        // A question is no attempt.
        expect(recorded(at).length).toBe(before);
        const second = await post(path, { ...body, confirm: first.error.confirm });
        return { code: second.code, asked: true };
      },
      close: () => server.close(),
    };
  },
  MCP: async (at) => {
    const agent = await agentIn(at);
    return {
      say: async ({ action, input }) => {
        const { body } = await agent.call(action.replace(".", "_"), input);
        return { code: body.code, asked: false };
      },
      close: () => agent.client.close(),
    };
  },
};

describe.each(Object.entries(surfaces))("over %s", (_, connect) => {
  test("every call of every action leaves exactly one entry, done, refused or left for a person", async () => {
    const at = await Workspace.make(making);
    const { say, close } = await connect(at);
    for (const call of calls) {
      const before = recorded(at).length;
      const { code } = await say(call);
      const added = recorded(at).slice(before);
      expect(added.map(({ action }) => action)).toEqual([call.action]);
      expect(added[0]?.result === "success").toBe(code === undefined);
    }
    await close();
  });

  test("what is malformed leaves one too", async () => {
    const at = await Workspace.make(making);
    const { say, close } = await connect(at);
    const before = recorded(at).length;
    const { code } = await say({
      action: "step.add",
      argv: ["step", "add", "no good"],
      input: { id: "no good" },
    });
    expect(code).toBe("id.invalid");
    expect(recorded(at).length).toBe(before + 1);
    await close();
  });
});

describe("in SAFE nothing runs and nothing is applied without a person's yes", () => {
  const running = calls.filter(({ action }) => ["run.start", "step.restart", "step.rerun"].includes(action));

  /** A workspace with a proposal that waits, and the calls that run or apply. */
  async function waiting() {
    const at = await Workspace.make(making);
    expect((await at.seqctl(["run", "step", "b", "--yes"])).exit).toBe(0);
    await (await agentIn(at)).call("step_add", { id: "late" });
    const id = at
      .audit()
      .at(-1)
      ?.error.message.match(/proposal (\w+)/)?.[1] as string;
    const apply: Call = { action: "proposal.approve", argv: ["approve", id], input: { id } };
    return { at, all: [...running, apply] };
  }
  const untouched = (at: Workspace) => {
    expect(at.facts().filter(({ type }) => type === "attempt.intended").length).toBe(1);
    expect(at.definition).not.toContain("late");
  };

  test("over CLI: exit 3", async () => {
    const { at, all } = await waiting();
    for (const { argv } of all) {
      const { exit, doc } = await at.json(argv);
      expect({ argv, exit, code: doc.code }).toEqual({ argv, exit: 3, code: "approval.pending" });
    }
    untouched(at);
  });

  test("over HTTP: 428, with the digest of what is asked", async () => {
    const { at, all } = await waiting();
    const server = await openServer({ workspace: await opened(at) });
    for (const call of all) {
      const answer = await server.post(...asRequest(call));
      const { error } = (await answer.json()) as Doc;
      expect({ status: answer.status, confirm: error.confirmation_required }).toEqual({
        status: 428,
        confirm: true,
      });
      expect(error.confirm).toMatch(/^[0-9a-f]{64}$/);
    }
    untouched(at);
    await server.close();
  });

  test("over MCP: a proposal, or a refusal", async () => {
    const { at, all } = await waiting();
    const agent = await agentIn(at);
    for (const { action, input } of all) {
      const { body } = await agent.call(action.replace(".", "_"), input);
      expect(body.code).toBe(action === "proposal.approve" ? "agent.forbidden" : "approval.pending");
    }
    untouched(at);
    await agent.client.close();
  });
});

describe("what becomes of a call, by action, surface, actor and mode:", () => {
  const actors: Actor[] = ["user", "chat", "system", "agent:build", "agent:@mcp"];
  const doors: Surface[] = ["cli", "http", "mcp", "chat"];
  /** How often a person is asked in SAFE and in POWER; an agent's call is always asked about, or refused. */
  const asked: Record<Risk, [safe: number, power: number]> = {
    edit: [0, 0],
    remove: [2, 2],
    run: [1, 0],
    decide: [1, 1],
    stop: [0, 0],
    narrow: [0, 0],
    widen: [2, 2],
  };
  const takesPerson = new Set<Risk>(["decide", "narrow", "widen"]);
  const starts: Step[] = [{ id: "s", command: ["make"] }];
  const risksOf = (name: string): Risk[] => {
    const risk = findAction(name)?.risk as Risk | ((input: Doc) => Risk);
    return typeof risk === "function"
      ? [
          risk({ mode: "SAFE", calls: [] }),
          risk({ mode: "POWER", calls: [{ action: "step.rm", input: { id: "a" } }] }),
        ]
      : [risk];
  };

  test.each(actionNames.map((name) => [name]))("%s", (name) => {
    for (const risk of risksOf(name)) {
      for (const mode of ["SAFE", "POWER"] as Mode[]) {
        for (const actor of actors) {
          for (const surface of doors) {
            const policy = effectivePolicy({ mode }, { version: 1, name: "s" });
            const verdict = judge(policy, risk, name, { actor, surface }, risk === "run" ? starts : []);
            const said: number | string = verdict.ok ? verdict.value.ask : verdict.failure.code;
            const isAgent = actor.startsWith("agent:");
            const wanted: number | string = isAgent
              ? takesPerson.has(risk)
                ? "agent.forbidden"
                : 1
              : asked[risk][mode === "SAFE" ? 0 : 1];
            expect({ name, mode, actor, surface, said }).toEqual({
              name,
              mode,
              actor,
              surface,
              said: wanted,
            });
          }
        }
      }
    }
  });
});

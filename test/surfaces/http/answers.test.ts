import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { stringify } from "yaml";
import { answers } from "../../../lib/core/views/answers";
import { type ViewName, views } from "../../../lib/core/views/view";
import { dispatch } from "../../../lib/runtime/dispatch";
import { type AskedView, nounNames, viewsAt } from "../../../lib/surfaces/http/addresses";
import { openApi } from "../../../lib/surfaces/http/openapi";
import { FakeAgent } from "../../rig/fake-agent";
import { opened } from "../../rig/fake-shell";
import { Held } from "../../rig/held";
import { makeRepository } from "../../rig/repository";
import { cleanUp, type Doc, Workspace } from "../../rig/workspace";
import { asRequest, calls } from "../every-action";
import { openServer, type TestServer } from "./harness";

setDefaultTimeout(180_000);

const sh = (line: string) => ["sh", "-c", line];
const candidate = { type: "f", isolation: "worktree" } as const;
const steps = [
  { id: "ask", type: "b" },
  { id: "c1", command: sh("echo one > made.txt"), ...candidate },
  { id: "c2", command: sh("echo two > made.txt"), ...candidate },
  {
    id: "join",
    command: ["true"],
    depends_on: ["c1", "c2"],
    fusion_synth: true,
    fusion_candidates: ["c1", "c2"],
  },
  { id: "p1", command: sh("echo said; echo complained >&2"), type: "p", group_id: "both" },
  { id: "p2", command: sh("exit 3"), type: "p", group_id: "both", retry: { limit: 1, backoff_ms: 0 } },
  { id: "fan", command: sh("true"), for_each: "steps.list.outputs", depends_on: ["list"] },
  { id: "list", command: sh(`echo '["x","y"]' > "$THREADOS_OUTPUT_DIR/output.json"`) },
  { id: "sub", sequence: "sequences/parts.yaml" },
  { id: "never", command: ["true"], when: "steps.list.status == 'FAILED'", depends_on: ["list"] },
  { id: "later", command: ["true"], depends_on: ["g"] },
];
const gates = [
  {
    id: "g",
    name: "G",
    description: "Look at it.",
    depends_on: ["c1"],
    shows: ["c1", "p1"],
    questions: [{ id: "env", type: "text" as const }],
  },
];

/** What each view is asked here; what the address itself says is not repeated. */
const inputs: { [N in ViewName]?: Record<string, string>[] } = {
  step: [{ id: "ask" }, { id: "p2" }, { id: "sub" }, { id: "g" }],
  why: [{ id: "p2" }, { id: "g" }],
  prompt: [{ id: "ask" }],
  "gate.show": [{ id: "g" }],
  "fusion.compare": [{ synth: "join" }],
  "template.show": [{ type: "base" }, { type: "fusion" }, { type: "own" }],
  logs: [{ id: "p1" }, { id: "p1", stream: "stderr" }, { id: "fan" }],
  "logs.lines": [{ id: "p1" }],
  "logs.search": [
    { id: "p1", text: "said" },
    { id: "p1", text: "(", pattern: "true" },
  ],
  artifacts: [{ run: "<run>", step: "p1" }],
  artifact: [{ run: "<run>", step: "list", name: "output.json" }],
  "runs.show": [{ run: "<run>" }],
  "policy.explain": [{ command: "rm -rf /" }, { step: "c1" }],
};

const asked = nounNames.flatMap((noun) => viewsAt(noun).map((each) => ({ noun, ...each })));

function pathOf({ noun, verb, inPath }: AskedView & { noun: string }, input: Record<string, string>): string {
  const rest = Object.entries(input).filter(([key]) => !inPath.includes(key));
  const query = new URLSearchParams([...(verb === undefined ? [] : [["view", verb]]), ...rest]);
  return `${["/api", noun, ...inPath.map((key) => input[key])].join("/")}?${query}`;
}

let server: TestServer;
let run: string;
async function get(path: string) {
  const answer = await server.get(path);
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails if it is not there
  return { status: answer.status, body: (await answer.json()) as any };
}

beforeAll(async () => {
  const rules = {
    forbidden_patterns: ["rm -rf"],
    allowed_commands: ["sh", "true", { command: "git", args: "any" }],
  };
  const at = await Workspace.make();
  const agent = new FakeAgent(at);
  const [first, ...others] = steps;
  const all = [{ ...first, model: "claude-code", env: agent.own }, ...others];
  at.write(".threados/sequence.yaml", stringify({ version: 1, name: "answers", steps: all, gates }));
  at.write(".threados/prompts/ask.md", "Say something.\n");
  at.write(
    ".threados/sequences/parts.yaml",
    stringify({ version: 1, name: "parts", steps: [{ id: "one", command: ["true"] }] }),
  );
  at.write(
    ".threados/templates/own.yaml",
    stringify({ title: "My own", steps: [{ id: "{id}", command: ["true"] }] }),
  );
  makeRepository(at, { "made.txt": "zero\n" });
  for (const _ of ["first", "second"]) {
    const { exit, err } = await at.seqctl(["run", "--new", "--yes"], { env: agent.env });
    expect([exit, err]).toEqual([1, expect.any(String)]);
  }
  // Nothing is judged by these before everything has run.
  at.write(".threados/policy.yaml", stringify({ version: 1, stop_grace_ms: 300, ...rules }));
  run = at.runs().at(-1) ?? "";
  server = await openServer({ workspace: await opened(at) });
});
afterAll(async () => {
  await server.close();
  await cleanUp();
});

describe("the answer to a question", () => {
  test("is described for every view, and every view is asked here", () => {
    expect(asked.map(({ view }) => view.name as ViewName).sort()).toEqual(
      views.map(({ name }) => name).sort(),
    );
    expect(Object.keys(answers).sort()).toEqual(views.map(({ name }) => name).sort());
  });

  test.each(asked.map((each) => [each.view.name, each] as const))(
    "%s is as described",
    async (name, each) => {
      for (const input of inputs[name as ViewName] ?? [{}]) {
        const told = Object.fromEntries(
          Object.entries(input).map(([key, value]) => [key, value.replace("<run>", run)]),
        );
        const { status, body } = await get(pathOf(each, told));
        expect([status, body.error]).toEqual([200, undefined]);
        const parsed = answers[name as ViewName].safeParse(body);
        expect(parsed.error?.issues ?? []).toEqual([]);
      }
    },
  );

  test("tells of what really happened here, so that little of a description stays untried", async () => {
    const { body } = await get("/api/events");
    const types = new Set(body.facts.map(({ type }: { type: string }) => type));
    for (const type of ["attempt.exited", "retry.scheduled", "plan.expanded", "step.joined", "step.skipped"])
      expect([...types]).toContain(type);
    const status = (await get("/api/status")).body;
    expect(status.usage).toBeDefined();
    const fusion = (await get("/api/fusion?synth=join")).body;
    expect(fusion.candidates[0].diff).not.toBeNull();
  });
});

describe("the answer to a deed", () => {
  test("is as described at every address that carries something out, and beside them", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "a", command: ["true"] },
        { id: "b", command: ["true"] },
      ],
      gates: [{ id: "g", name: "G", depends_on: ["a"] }],
    });
    const held = new Held(at);
    const workspace = await opened(at);
    const own = await openServer({ workspace });
    const done = new Set<string>();
    const say = async (path: string, body: Doc) => {
      const first = await own.post(path, body);
      const { error } = (await first.clone().json()) as Doc;
      const asked = first.status === 428 ? { ...body, confirm: error.confirm } : undefined;
      const last = asked ? await own.post(path, asked) : first;
      if (last.status === 200) done.add(path);
      return (await last.json()) as Doc;
    };
    // What only asks for it is answered in the same shape.
    expect(await say("/api/step", { action: "add", id: "tried", dry_run: true })).toMatchObject({
      changed: true,
    });
    for (const call of calls) await say(...asRequest(call));
    await say("/api/policy", { action: "mode", mode: "SAFE" });
    await say("/api/step", { action: "add", id: "both", command: ["true"] });
    await say("/api/fusion", { action: "create", candidates: ["c", "b"], synth: "both" });
    await say("/api/step", { action: "add", id: "long", command: held.command("long") });
    await say("/api/run", { action: "step", id: "long" });
    await held.hasBegun("long");
    await say("/api/stop", { id: "long" });
    await say("/api/layout", { action: "place", positions: { a: { x: 1, y: 2 } } });
    const agent = { actor: "agent:a", surface: "mcp" } as const;
    await dispatch(workspace.ports, { action: "step.add", input: { id: "proposed" } }, agent);
    const { proposals } = (await (await own.get("/api/inbox")).json()) as Doc;
    await say("/api/proposal", { action: "approve", id: proposals[0].id });
    await say("/api/terminal", { seat: "nobody's" });
    const spoken = (await (await own.post("/api/chat", { message: "add a step lint" })).text()) as string;
    const { conversation, proposal } = JSON.parse(/event: actions\ndata: (.*)/.exec(spoken)?.[1] ?? "{}");
    await say("/api/chat/apply", { proposal, preview: true });
    await say("/api/chat/apply", { proposal });
    await say("/api/chat", { action: "rename", conversation, title: "Lint" });
    for (const path of ["/api/chat", `/api/chat?conversation=${conversation}`, "/api/openapi.json"])
      expect((await own.get(path)).status).toBe(200);
    for (const action of ["cancel", "rm"]) await say("/api/chat", { action, conversation });
    for (const path of ["/healthz", "/readyz"]) expect((await own.get(path)).status).toBe(200);
    const { paths } = openApi("1.2.3") as unknown as { paths: { [path: string]: { post?: object } } };
    const posts = Object.keys(paths).filter((path) => paths[path]?.post);
    // MCP speaks JSON-RPC, and picks its own answers: test/surfaces/mcp.
    expect(posts.filter((path) => !done.has(path))).toEqual(["/api/mcp"]);
    await own.close();
  });
});

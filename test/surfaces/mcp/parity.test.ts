import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { opened } from "../../rig/fake-shell";
import { cleanUp, type Doc, Workspace } from "../../rig/workspace";
import { openServer } from "../http/harness";
import { agentIn } from "./client";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const making = {
  steps: [
    { id: "a", command: ["echo", "hello"] },
    { id: "b", command: ["true"], depends_on: ["a"] },
  ],
  gates: [{ id: "g", name: "G", depends_on: ["b"] }],
};

/** One call as each surface says it. */
interface Saying {
  cli: string[];
  http: { get?: string; post?: [string, Doc] };
  mcp: [string, Doc];
}

const questions: Saying[] = [
  { cli: ["status"], http: { get: "/api/status" }, mcp: ["status", {}] },
  { cli: ["step", "show", "b"], http: { get: "/api/step?id=b" }, mcp: ["step", { id: "b" }] },
  { cli: ["why", "g"], http: { get: "/api/why?id=g" }, mcp: ["why", { id: "g" }] },
  { cli: ["why", "nobody"], http: { get: "/api/why?id=nobody" }, mcp: ["why", { id: "nobody" }] },
  { cli: ["gate", "list"], http: { get: "/api/gate" }, mcp: ["gate_list", {}] },
  { cli: ["logs", "a"], http: { get: "/api/logs?id=a" }, mcp: ["logs", { id: "a" }] },
  { cli: ["policy", "show"], http: { get: "/api/policy" }, mcp: ["policy_show", {}] },
  { cli: ["inbox"], http: { get: "/api/inbox" }, mcp: ["inbox", {}] },
];

const refused: Saying[] = [
  {
    cli: ["step", "add", "a"],
    http: { post: ["/api/step", { action: "add", id: "a" }] },
    mcp: ["step_add", { id: "a" }],
  },
  {
    cli: ["step", "add", "A"],
    http: { post: ["/api/step", { action: "add", id: "A" }] },
    mcp: ["step_add", { id: "A" }],
  },
  {
    cli: ["step", "add", "../x"],
    http: { post: ["/api/step", { action: "add", id: "../x" }] },
    mcp: ["step_add", { id: "../x" }],
  },
  {
    cli: ["step", "rm", "a"],
    http: { post: ["/api/step", { action: "rm", id: "a" }] },
    mcp: ["step_rm", { id: "a" }],
  },
  {
    cli: ["dep", "add", "a", "b"],
    http: { post: ["/api/dep", { action: "add", step: "a", dep: "b" }] },
    mcp: ["dep_add", { step: "a", dep: "b" }],
  },
  {
    cli: ["dep", "rm", "a", "b"],
    http: { post: ["/api/dep", { action: "rm", step: "a", dep: "b" }] },
    mcp: ["dep_rm", { step: "a", dep: "b" }],
  },
  {
    cli: ["step", "edit", "aa", "--name", "x"],
    http: { post: ["/api/step", { action: "edit", id: "aa", name: "x" }] },
    mcp: ["step_edit", { id: "aa", name: "x" }],
  },
  {
    cli: ["gate", "approve", "g"],
    http: { post: ["/api/gate", { action: "approve", id: "g" }] },
    mcp: ["gate_approve", { id: "g" }],
  },
  { cli: ["stop", "a"], http: { post: ["/api/stop", { id: "a" }] }, mcp: ["run_stop", { id: "a" }] },
  {
    cli: ["run", "step", "b"],
    http: { post: ["/api/run", { action: "step", id: "b" }] },
    mcp: ["run_start", { scope: "step", id: "b" }],
  },
  {
    cli: ["approve", "01JUNKNOWN"],
    http: { post: ["/api/proposal", { action: "approve", id: "01JUNKNOWN" }] },
    mcp: ["proposal_approve", { id: "01JUNKNOWN" }],
  },
];

/** Three workspaces that are alike, one for each surface; in the second line stands who asks there. */
async function threeAlike() {
  const [cli, http, mcp] = await Promise.all([1, 2, 3].map(() => Workspace.make(making)));
  if (!cli || !http || !mcp) throw new Error("three workspaces");
  // To the door, a call from inside this attempt is the call of step `b`, as it is over MCP.
  const inside = { env: { THREADOS_ATTEMPT: "run/b/1" } };
  const server = await openServer({ workspace: await opened(http) });
  const { call } = await agentIn(mcp, "b");
  const said = async (saying: Saying) => {
    const { get, post } = saying.http;
    const answer = await (post ? server.post(...post) : server.get(get ?? ""));
    return {
      cli: (await cli.json(saying.cli, inside)).doc,
      http: (await answer.json()) as Doc,
      mcp: (await call(...saying.mcp)).body,
    };
  };
  return { cli, http, mcp, said, close: () => server.close() };
}

/** What an entry of the audit says, besides who said it where and when. */
const essence = ({ seq, action, target, payload, policy_mode, result, error, before, after }: Doc) => ({
  seq,
  action,
  target,
  payload,
  policy_mode,
  result,
  error,
  before,
  after,
});

describe("CLI, HTTP and MCP", () => {
  test("answer the same questions alike, and record none", async () => {
    const { cli, http, mcp, said, close } = await threeAlike();
    for (const saying of questions) {
      const bodies = await said(saying);
      // Alike but for where they are, and for the record's own times.
      const here = (body: Doc, at: Workspace) =>
        "root" in body
          ? { ...body, root: at.root === body.root, audit: { ...(body.audit as Doc), hash: "" } }
          : body;
      expect(here(bodies.http, http), saying.cli.join(" ")).toEqual(here(bodies.cli, cli));
      expect(here(bodies.mcp, mcp), saying.cli.join(" ")).toEqual(here(bodies.cli, cli));
    }
    for (const at of [cli, http, mcp]) expect(at.audit()).toHaveLength(1);
    await close();
  });

  test("refuse the same calls alike, with one entry of the audit each", async () => {
    const { cli, http, mcp, said, close } = await threeAlike();
    for (const [index, saying] of refused.entries()) {
      const bodies = await said(saying);
      expect(bodies.cli.code, saying.cli.join(" ")).toBeString();
      expect(bodies.http, saying.cli.join(" ")).toEqual(bodies.cli);
      expect(bodies.mcp, saying.cli.join(" ")).toEqual(bodies.cli);
      for (const at of [cli, http, mcp]) expect(at.audit()).toHaveLength(index + 2);
    }
    expect(http.audit().slice(1).map(essence)).toEqual(cli.audit().slice(1).map(essence));
    expect(mcp.audit().slice(1).map(essence)).toEqual(cli.audit().slice(1).map(essence));
    expect(mcp.audit().at(-1)).toMatchObject({ actor: "agent:b", surface: "mcp" });
    await close();
  });

  test("preview alike, and record nothing", async () => {
    const { cli, http, mcp, said, close } = await threeAlike();
    const bodies = await said({
      cli: ["step", "add", "c", "--depends-on", "a", "--dry-run"],
      http: { post: ["/api/step", { action: "add", id: "c", depends_on: ["a"], dry_run: true }] },
      mcp: ["step_add", { id: "c", depends_on: ["a"], dry_run: true }],
    });
    expect(bodies.cli).toMatchObject({ changed: true, dry_run: true });
    expect(bodies.mcp).toEqual(bodies.cli);
    expect<Doc>({ ...bodies.http, dry_run: true }).toEqual(bodies.cli);
    for (const at of [cli, http, mcp]) expect(at.audit()).toHaveLength(1);
    await close();
  });

  test("let an agent propose alike, where a person's call is carried out; one entry each", async () => {
    const { cli, http, mcp, said, close } = await threeAlike();
    const bodies = await said({
      cli: ["step", "add", "c", "--depends-on", "a"],
      http: { post: ["/api/step", { action: "add", id: "c", depends_on: ["a"] }] },
      mcp: ["step_add", { id: "c", depends_on: ["a"] }],
    });
    expect(bodies.http).toMatchObject({ action: "step.add", changed: true });
    expect(bodies.cli.code).toBe("approval.pending");
    const named = (body: Doc) => JSON.parse(JSON.stringify(body).replaceAll(body.error.proposal, "ID"));
    expect(named(bodies.mcp)).toEqual(named(bodies.cli));
    for (const at of [cli, http, mcp]) expect(at.audit()).toHaveLength(2);
    for (const [at, { error }] of [
      [cli, bodies.cli],
      [mcp, bodies.mcp],
    ] as const)
      expect((await at.seqctl(["approve", error.proposal, "--yes"])).exit).toBe(0);
    expect(mcp.definition).toBe(http.definition);
    expect(cli.definition).toBe(http.definition);
    await close();
  });
});

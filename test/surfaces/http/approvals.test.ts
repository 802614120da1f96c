import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { dispatch } from "../../../lib/runtime/dispatch";
import { opened } from "../../rig/fake-shell";
import { cleanUp, type Doc, Workspace } from "../../rig/workspace";
import { openServer, type TestServer } from "./harness";

setDefaultTimeout(60_000);
let server: TestServer;
afterEach(async () => {
  await server.close();
  await cleanUp();
});

/** A workspace behind a server, with what the server answers as status and body. */
async function served() {
  const at = await Workspace.make({
    steps: [{ id: "a", command: ["true"] }],
    gates: [{ id: "g", name: "G", shows: ["a"], questions: [{ id: "env", type: "text" }] }],
  });
  const workspace = await opened(at);
  server = await openServer({ workspace });
  const read = async (answer: Promise<Response>) => {
    const got = await answer;
    return { status: got.status, body: (await got.json()) as Doc };
  };
  const post = (noun: string, body: object) => read(server.post(`/api/${noun}`, body));
  return { at, post, get: (path: string) => read(server.get(path)), ports: workspace.ports };
}

test("a gate's approval is bound to the digest that the page was shown", async () => {
  const { at, post, get } = await served();
  const approve = { action: "approve", id: "g" };
  expect(await post("gate", approve)).toMatchObject({ status: 400, body: { code: "gate.unanswered" } });
  const answered = { ...approve, answers: { env: "prod" } };
  const asked = await post("gate", answered);
  expect(asked).toMatchObject({ status: 428, body: { code: "confirm.required" } });
  const { confirm } = asked.body.error;
  expect((await get("/api/gate?id=g")).body).toMatchObject({ id: "g", confirm });
  await post("step", { action: "edit", id: "a", command: ["echo", "another"] });
  const moved = await post("gate", { ...answered, confirm });
  expect(moved).toMatchObject({ status: 409, body: { code: "gate.moved" } });
  expect((await get("/api/status")).body.gates).toMatchObject([{ status: "PENDING" }]);
  const again = moved.body.error.confirm;
  const { digest } = (await get("/api/gate?id=g")).body;
  expect(await post("gate", { ...answered, confirm: again })).toMatchObject({ status: 200 });
  expect(await post("gate", { ...answered, confirm: again })).toMatchObject({
    status: 409,
    body: { code: "gate.already" },
  });
  expect(at.audit().at(-2)).toMatchObject({
    action: "gate.approve",
    payload: { shown: digest, confirm: again },
  });
});

test("a proposal that has moved is refused with the digest that a new yes needs", async () => {
  const { at, post, get, ports } = await served();
  const agent = { actor: "agent:a", surface: "mcp" } as const;
  await dispatch(ports, { action: "run.start", input: { scope: "step", id: "a" } }, agent);
  const [proposal] = (await get("/api/inbox")).body.proposals;
  const approve = { action: "approve", id: proposal.id };
  expect(await post("proposal", approve)).toMatchObject({
    status: 428,
    body: { error: { confirm: proposal.confirm } },
  });
  await post("step", { action: "edit", id: "a", command: ["echo", "other"] });
  const moved = await post("proposal", { ...approve, confirm: proposal.confirm });
  // It is told part by part as any question, so that a page can ask it instead of refusing.
  expect(moved).toMatchObject({
    status: 409,
    body: {
      code: "proposal.moved",
      error: { about: { starts: [{ step: "a", command: ["echo", "other"] }] }, times: 1 },
    },
  });
  expect((await get("/api/inbox")).body.proposals).toMatchObject([
    {
      state: "moved",
      out_of_date: true,
      standing: expect.stringMatching(/^out of date: the sequence changed/),
    },
  ]);
  expect(at.runs()).toEqual([]);
  const { confirm } = moved.body.error;
  expect(await post("proposal", { ...approve, confirm })).toMatchObject({ status: 200 });
  expect(at.runs()).toHaveLength(1);
});

test("a question tells what else comes of it without digests; those stand among the lines that the yes is bound to", async () => {
  const { post } = await served();
  const asked = await post("policy", { action: "mode", mode: "POWER" });
  expect(asked.body.error).toMatchObject({
    times: 2,
    about: {
      call: { action: "policy.mode", input: { mode: "POWER" } },
      parts: [{ action: "policy.mode", summary: "switch to mode POWER", risk: "widen" }],
      beside: [expect.stringMatching(/^\.threados\/policy\.yaml is (made|changed)$/)],
      undone: false,
    },
  });
});

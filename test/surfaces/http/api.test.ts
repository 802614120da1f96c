import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { actionNames } from "../../../lib/core/actions";
import { views } from "../../../lib/core/views/view";
import { type NounName, nouns, readCall, readQuestion } from "../../../lib/surfaces/http/nouns";
import { duringVisit } from "../../../lib/surfaces/http/visit";
import { openServer, type TestServer, TOKEN } from "./harness";
import { routeFiles } from "./route-files";

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
});
beforeEach(() => {
  server.fake.breakWith(undefined);
  server.fake.dispatched.length = 0;
  server.fake.asked.length = 0;
});
afterAll(() => server.close());

describe("every address", () => {
  test("has a route file, and every route file below api answers to a noun, is the chat, a terminal, speaks MCP or describes the API", async () => {
    const addresses = (await routeFiles()).map(({ file }) => file.split("/").slice(0, -1));
    const below = new Set(addresses.filter(([first]) => first === "api").map(([, noun]) => noun));
    expect([...below].sort()).toEqual(
      [...Object.keys(nouns), "chat", "mcp", "openapi.json", "terminal", "[[...unknown]]"].sort(),
    );
    expect(addresses.filter(([first]) => first !== "api").flat()).toEqual(["healthz", "readyz"]);
  });

  test("of the API refuses both methods without a token, in the guard and again in the handler", async () => {
    for (const { example, handlers, file } of await routeFiles()) {
      if (!file.startsWith("api/")) continue;
      for (const method of ["GET", "POST"]) {
        const init =
          method === "POST"
            ? { method, body: "{}", headers: { "content-type": "application/json" } }
            : { method };
        expect((await fetch(server.origin + example, init)).status).toBe(401);
        // Called from anywhere but behind the guard, a handler knows no workspace.
        const direct = await handlers[method]?.(new Request(server.origin + example, init), {
          params: Promise.resolve({}),
        });
        expect(direct?.status).toBe(421);
      }
    }
    expect(server.fake.dispatched).toEqual([]);
    expect(server.fake.asked).toEqual([]);
  });

  test("of the API asks everything that matters again behind the guard", async () => {
    const visit = { session: server.session, gone: new AbortController().signal, drop: () => undefined };
    const own = { host: `127.0.0.1:${server.port}`, authorization: `Bearer ${TOKEN}` };
    for (const { example, handlers, file } of await routeFiles()) {
      if (!file.startsWith("api/")) continue;
      const ask = async (method: string, headers: Record<string, string>) => {
        const request = new Request(server.origin + example, { method, headers });
        const answer = await duringVisit(visit, () =>
          handlers[method]?.(request, { params: Promise.resolve({}) }),
        );
        return answer?.status;
      };
      for (const method of ["GET", "POST"]) {
        expect(await ask(method, { ...own, host: "evil.example" })).toBe(421);
        expect(await ask(method, { ...own, origin: "https://evil.example" })).toBe(403);
        expect(await ask(method, { ...own, "sec-fetch-site": "cross-site" })).toBe(403);
        expect(await ask(method, { ...own, authorization: "Bearer wrong" })).toBeOneOf([401, 429]);
        expect(await ask(method, { host: own.host })).toBe(401);
      }
      expect(await ask("POST", { ...own, "content-type": "text/plain" })).toBeOneOf([405, 415]);
    }
    expect(server.fake.asked).toEqual([]);
  });

  test("together reaches every action of the registry", () => {
    const spoken = (noun: NounName, body: Record<string, string>) => {
      const call = readCall(noun, body);
      return call.ok ? call.value.action : "";
    };
    const reached = new Set([
      spoken("stop", { id: "a" }),
      spoken("restart", { id: "a" }),
      spoken("run", { action: "all" }),
    ]);
    for (const noun of Object.keys(nouns) as NounName[]) {
      if (!("post" in nouns[noun]) || ["stop", "restart"].includes(noun)) continue;
      for (const name of actionNames) reached.add(spoken(noun, { action: name.split(".")[1] ?? "" }));
    }
    expect(actionNames.filter((name) => !reached.has(name))).toEqual([]);
  });

  test("together reaches every view of the registry", () => {
    const asked = new Set<string>();
    for (const noun of Object.keys(nouns) as NounName[]) {
      for (const query of [
        "",
        "step=a",
        "step=a&name=x",
        "run=r",
        "type=t",
        "id=g",
        "view=tail",
        "view=verify",
        "view=diff",
        "view=explain",
        "view=test",
        "view=lines",
        "view=search",
        "view=replay",
        "view=find",
        "view=problems",
        "view=history",
        "view=text",
      ]) {
        const question = readQuestion(noun, new URLSearchParams(query), {});
        if (question.ok && "view" in nouns[noun]) asked.add(question.value.view);
      }
    }
    expect(views.map((view) => view.name as string).filter((name) => !asked.has(name))).toEqual([]);
  });
});

describe("an action", () => {
  test.each<[string, unknown, string, unknown]>([
    ["/api/step", { action: "add", id: "a", depends_on: ["b"] }, "step.add", { id: "a", depends_on: ["b"] }],
    ["/api/dep", { action: "rm", step: "a", dep: "b" }, "dep.rm", { step: "a", dep: "b" }],
    ["/api/gate", { action: "approve", id: "g" }, "gate.approve", { id: "g" }],
    ["/api/run", { action: "all" }, "run.start", { scope: "all" }],
    ["/api/run", { action: "step", id: "a" }, "run.start", { scope: "step", id: "a" }],
    [
      "/api/run",
      { action: "group", id: "g", new: true },
      "run.start",
      { scope: "group", id: "g", new: true },
    ],
    ["/api/stop", { id: "a" }, "run.stop", { id: "a" }],
    ["/api/restart", { id: "a" }, "step.restart", { id: "a" }],
    ["/api/policy", { action: "mode", mode: "POWER" }, "policy.mode", { mode: "POWER" }],
    ["/api/sequence", { action: "undo" }, "sequence.undo", {}],
  ])("at %s of %j is dispatched as %s", async (path, body, action, input) => {
    const answer = await server.post(path, body);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ action, changed: true });
    expect(server.fake.dispatched).toEqual([
      { call: { action, input }, caller: { actor: "user", surface: "http" }, options: {} },
    ]);
  });

  test("that needs a person's yes is answered with 428 and a digest, and done when that comes back", async () => {
    const asked = await server.post("/api/step", { action: "rm", id: "a" });
    expect(asked.status).toBe(428);
    const { error, code } = (await asked.json()) as { error: Record<string, unknown>; code: string };
    expect(code).toBe("confirm.required");
    expect(error).toMatchObject({ confirmation_required: true, confirm: "c0ffee", code: "confirm.required" });
    const done = await server.post("/api/step", { action: "rm", id: "a", confirm: error.confirm });
    expect(done.status).toBe(200);
    expect(server.fake.dispatched.at(-1)).toMatchObject({
      call: { input: { id: "a" } },
      options: { confirm: "c0ffee" },
    });
  });

  test("that needs a person's yes is no error for a client that takes questions as answers", async () => {
    const accept = "application/vnd.threados.answer+json";
    const asked = await server.post("/api/step", { action: "rm", id: "a" }, { accept });
    expect(asked.status).toBe(200);
    expect(await asked.json()).toMatchObject({ code: "confirm.required", error: { confirm: "c0ffee" } });
  });

  test("is refused without an error to such a client, which is told the status all the same", async () => {
    const accept = "application/vnd.threados.answer+json";
    const refused = await server.post("/api/step", { id: "a" }, { accept });
    expect(refused.status).toBe(200);
    const plain = await server.post("/api/step", { id: "a" });
    expect(refused.headers.get("x-refusal")).toBe(String(plain.status));
    expect(await refused.json()).toEqual(await plain.json());
    // Who has no token is told so as ever: 401, or 429 once too many wrong ones were tried.
    const strange = { accept, authorization: "Bearer no" };
    const stranger = await server.post("/api/step", { action: "rm", id: "a" }, strange);
    expect([401, 429]).toContain(stranger.status);
  });

  test("is only tried with dry_run", async () => {
    await server.post("/api/step", { action: "add", id: "a", dry_run: true });
    expect(server.fake.dispatched[0]?.options).toEqual({ dryRun: true });
    expect(server.fake.dispatched[0]?.call.input).toEqual({ id: "a" });
  });

  test("can't be another than the address says, nor answer the questions itself", async () => {
    await server.post("/api/stop", { action: "restart", id: "a", yes: true });
    expect(server.fake.dispatched[0]).toMatchObject({
      call: { action: "run.stop", input: { action: "restart", id: "a", yes: true } },
      options: {},
    });
  });

  test("that the disk refuses is told with the place and what helps", async () => {
    const error = console.error;
    console.error = () => undefined;
    const answer = await server.post("/api/step", { action: "fill" });
    console.error = error;
    expect(await answer.json()).toMatchObject({
      code: "io.failed",
      error: {
        message: "/w/audit.log: write failed (ENOSPC)",
        hint: "the disk is full; free some room and repeat the command",
      },
    });
  });

  test("that hits a bug is answered with 500 and no stack", async () => {
    const error = console.error;
    console.error = () => undefined;
    const answer = await server.post("/api/step", { action: "explode" });
    console.error = error;
    expect(answer.status).toBe(500);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ code: "internal" });
    expect(text).not.toContain("fake-workspace");
  });
});

describe("a view", () => {
  test.each<[string, string, unknown]>([
    ["/api/sequence", "sequence", {}],
    ["/api/step?id=a", "step", { id: "a" }],
    ["/api/why?id=a", "why", { id: "a" }],
    ["/api/gate", "gate.list", {}],
    ["/api/inbox", "inbox", {}],
    ["/api/engine", "engine.status", {}],
    ["/api/policy", "policy.show", {}],
    ["/api/policy?view=explain&command=rm%20x", "policy.explain", { command: "rm x" }],
    ["/api/audit?limit=5&offset=10", "audit.read", { limit: 5, offset: 10 }],
    ["/api/audit?view=tail&n=3", "audit.tail", { n: 3 }],
    ["/api/audit?view=verify", "audit.verify", {}],
    ["/api/audit?view=find&refused=true&before=9", "audit.find", { refused: true, before: 9 }],
    ["/api/audit?view=find&refused=maybe", "audit.find", { refused: "maybe" }],
    [
      "/api/logs?id=12&stream=stderr&from=-100&attempt=2",
      "logs",
      { id: "12", stream: "stderr", from: -100, attempt: 2 },
    ],
    ["/api/logs?id=a&from=1e3", "logs", { id: "a", from: "1e3" }],
    ["/api/runs/01RUN/build", "artifacts", { run: "01RUN", step: "build" }],
    ["/api/runs/01RUN/build?attempt=1", "artifacts", { run: "01RUN", step: "build", attempt: 1 }],
    [
      "/api/runs/01RUN/build?name=report.md&limit=9",
      "artifact",
      { run: "01RUN", step: "build", name: "report.md", limit: 9 },
    ],
  ])("at %s is asked as %s", async (path, view, input) => {
    const answer = await server.get(path);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ view, input });
  });

  test("is told the journal's facts after a place", async () => {
    server.fake.append(3);
    const answer = await server.get("/api/events?run=01JRUN&after=1");
    expect(await answer.json()).toMatchObject({ facts: [{ seq: 2 }, { seq: 3 }] });
  });

  test("refuses a parameter that is given twice, in the query or beside the path", async () => {
    expect((await server.get("/api/why?id=a&id=b")).status).toBe(400);
    expect((await server.get("/api/runs/01RUN/build?step=other")).status).toBe(400);
  });

  test("says its refusal with the status of the failure table", async () => {
    server.fake.breakWith({ code: "sequence.empty", file: "sequence.yaml" });
    const answer = await server.get("/api/status");
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: "sequence.empty", error: { code: "sequence.empty" } });
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(503);
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
  });

  test("that finds the record broken says so with its line; to a client that takes refusals as answers as one", async () => {
    server.fake.breakWith({
      code: "audit.corrupt",
      file: "audit.log",
      line: 5,
      seq: 5,
      problem: "was changed",
    });
    const plain = await server.get("/api/audit?view=verify");
    expect(plain.status).toBe(500);
    const said = await plain.json();
    expect(said).toMatchObject({ code: "audit.corrupt", error: { line: 5, seq: 5 } });
    const accept = "application/vnd.threados.answer+json";
    const answer = await server.get("/api/audit?view=verify", { accept });
    expect([answer.status, answer.headers.get("x-refusal")]).toEqual([200, "500"]);
    expect(await answer.json()).toEqual(said);
  });

  test("is not sent again to whoever has it already", async () => {
    const first = await server.get("/api/status");
    const etag = first.headers.get("etag") ?? "";
    expect(etag).not.toBe("");
    expect((await server.get("/api/status", { "if-none-match": `"other", W/${etag}` })).status).toBe(304);
    server.fake.append(1);
    const changed = await server.get("/api/status", { "if-none-match": etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get("etag")).not.toBe(etag);
  });
});

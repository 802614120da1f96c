import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { until } from "../../rig/deadline";
import { opened } from "../../rig/fake-shell";
import { Held } from "../../rig/held";
import { cleanUp, type Doc, type Making, Workspace } from "../../rig/workspace";
import { openServer, sendRaw, type TestServer, TOKEN } from "./harness";

setDefaultTimeout(120_000);
let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
  await cleanUp();
});

const command = ["true"];
/** Of its own each: what stands twice would be written as an anchor. */
const shell = (id: string, more: object = {}) => ({ id, command: ["true"], ...more });

/** A workspace behind a server; a POST is said yes to where a person is asked. */
async function served(making: Making = {}) {
  const at = await Workspace.make(making);
  const own = await openServer({ workspace: await opened(at) });
  server = own;
  const read = async (answer: Promise<Response>) => {
    const got = await answer;
    return { status: got.status, body: (await got.json()) as Doc };
  };
  const post = async (noun: string, body: Doc) => {
    const first = await read(own.post(`/api/${noun}`, body));
    if (first.status !== 428) return first;
    return read(own.post(`/api/${noun}`, { ...body, confirm: first.body.error.confirm }));
  };
  const done = async (noun: string, body: Doc) => {
    const { status, body: said } = await post(noun, body);
    expect({ noun, body, status, said: said.error }).toEqual({ noun, body, status: 200, said: undefined });
    return said;
  };
  const sequence = async () => (await read(own.get("/api/sequence"))).body.sequence as Doc;
  return { at, own, post, done, sequence, get: (path: string) => read(own.get(path)) };
}

const stands = (at: Workspace, id: string, wanted: string) =>
  until(`${id} to be ${wanted}`, async () => (await at.standing())[id] === wanted);

describe("what is asked", () => {
  test("sequence and status are as on the command line, and not sent again while nothing has changed", async () => {
    const { at, own, get } = await served({ steps: [shell("a")] });
    for (const [path, line] of [
      ["/api/sequence", ["export"]],
      ["/api/status", ["status"]],
    ] as const) {
      const answer = await own.get(path);
      const etag = answer.headers.get("etag") ?? "";
      expect([answer.status, etag]).toEqual([200, expect.stringMatching(/^"\S+"$/)]);
      expect((await own.get(path, { "if-none-match": etag })).status).toBe(304);
      if (line[0] === "status") expect(await answer.json()).toEqual((await at.json(["status"])).doc);
      const name = `after-${line[0]}`;
      expect((await at.seqctl(["step", "add", name, "--command", '["true"]'])).exit).toBe(0);
      expect((await own.get(path, { "if-none-match": etag })).status).toBe(200);
      expect(JSON.stringify((await get(path)).body)).toContain(name);
    }
    expect((await get("/api/sequence")).body.text).toBe(at.definition);
  });

  test("the audit log is read page by page: every entry once, in order, as it stands in the file", async () => {
    const { at, done, get } = await served();
    for (const id of ["a", "b", "c", "d"]) await done("step", { action: "add", id, command });
    const pages: Doc[] = [];
    for (let offset = 0; ; offset += 2) {
      const { body } = await get(`/api/audit?limit=2&offset=${offset}`);
      expect(body).toMatchObject({ total: at.audit().length, offset, limit: 2 });
      if (body.entries.length === 0) break;
      pages.push(...body.entries);
    }
    expect(pages).toEqual(at.audit());
  });
});

describe("what an attempt left", () => {
  const leave = 'echo "# Report" > "$THREADOS_OUTPUT_DIR/report.md"; echo said';

  test("is listed and read by run and step", async () => {
    const { at, done, get } = await served({ steps: [{ id: "a", command: ["sh", "-c", leave] }] });
    const { run } = await done("run", { action: "step", id: "a" });
    await stands(at, "a", "DONE 1");
    const listed = (await get(`/api/runs/${run}/a`)).body;
    expect(listed).toMatchObject({ run, step: "a", attempt: 1 });
    expect(listed.files).toContainEqual({ name: "report.md", size: 9 });
    expect((await get(`/api/runs/${run}/a?name=report.md`)).body).toMatchObject({
      text: "# Report\n",
      size: 9,
    });
  });

  test("nothing outside of it is read, however the way out is written", async () => {
    const { at, done, own, get } = await served({ steps: [{ id: "a", command: ["sh", "-c", leave] }] });
    const { run } = await done("run", { action: "step", id: "a" });
    await stands(at, "a", "DONE 1");
    at.write("secret.txt", "nobody may read this\n");
    fs.symlinkSync(at.path("secret.txt"), at.path(`${at.attempt("a")}/link.txt`));
    fs.symlinkSync(at.root, at.path(`${at.attempt("a")}/folder`));
    const up = "../".repeat(6);
    const names = [
      ...[`${up}secret.txt`, `./${up}secret.txt`, `report.md/${up}../secret.txt`, at.path("secret.txt")],
      ...["link.txt", "folder/secret.txt", "..", ".", "report.md\0.txt", "..\\..\\secret.txt"],
    ];
    for (const name of names) {
      const { status, body } = await get(`/api/runs/${run}/a?name=${encodeURIComponent(name)}`);
      expect({ name, refused: status >= 400 && status < 500 }).toEqual({ name, refused: true });
      expect(JSON.stringify(body)).not.toContain("nobody may read");
    }
    const ways = [
      ...[`${run}/..`, `../runs/${run}/a`, `${run}/%2e%2e?name=events.jsonl`, `%2e%2e/${run}?name=audit.log`],
      ...[
        `..%2f..%2f/a?name=audit.log`,
        `${run}/a%2f..%2f..?name=events.jsonl`,
        `${run}/..%5c..?name=audit.log`,
      ],
    ];
    for (const way of ways) {
      // As bytes: a client of good manners would tidy the path up first.
      const head = `GET /api/runs/${way} HTTP/1.1\r\nHost: 127.0.0.1:${own.port}`;
      const raw = await sendRaw(own.port, `${head}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`);
      expect({ way, refused: raw.status >= 400 && raw.status < 500 }).toEqual({ way, refused: true });
      expect(raw.body).not.toContain("run.opened");
    }
  });
});

describe("running", () => {
  test("a step runs alone; what is runnable is the frontier; all is the rest", async () => {
    const steps = [shell("a"), shell("b"), shell("c", { depends_on: ["a", "b"] })];
    const { at, done } = await served({ steps });
    expect(await done("run", { action: "step", id: "a" })).toMatchObject({ pursued: ["a"] });
    await stands(at, "a", "DONE 1");
    expect(await done("run", { action: "runnable" })).toMatchObject({ pursued: ["b"] });
    await stands(at, "b", "DONE 1");
    expect((await at.standing()).c).not.toContain("DONE");
    expect(await done("run", { action: "all" })).toMatchObject({ pursued: null });
    await stands(at, "c", "DONE 1");
    expect(at.runs().length).toBe(1);
  });

  test("stop and restart do what they do on the command line", async () => {
    /** What a way of saying it leaves in the journal and the audit log. */
    const traces = async (say: (at: Workspace, what: "stop" | "restart") => Promise<unknown>) => {
      const at = await Workspace.make();
      const held = new Held(at);
      const line = JSON.stringify(held.command("a"));
      expect((await at.seqctl(["step", "add", "a", "--command", line])).exit).toBe(0);
      expect((await at.seqctl(["run", "step", "a", "--detach", "--yes"])).exit).toBe(0);
      await held.hasBegun("a");
      await say(at, "stop");
      await until("the stop", () => at.facts().some(({ type }) => type === "attempt.exited"));
      await say(at, "restart");
      await held.hasBegun("a", 2);
      await held.release("a");
      await stands(at, "a", "DONE 2");
      const facts = at
        .facts()
        .filter(({ type }) => /^(stop|restart|steps)\.requested|^attempt\.(intended|exited)/.test(type));
      return {
        facts: facts.map(({ type, step, attempt }) => [type, step, attempt]),
        audit: at
          .audit()
          .filter(({ action }) => ["run.stop", "step.restart"].includes(action))
          .map(({ action, actor, target, result }) => [action, actor, target, result]),
      };
    };
    const typed = await traces((at, what) =>
      at.seqctl([what, "a", "--yes", ...(what === "restart" ? ["--detach"] : [])]),
    );
    const posted = await traces(async (at, what) => {
      const own = await openServer({ workspace: await opened(at) });
      const first = await own.post(`/api/${what}`, { id: "a" });
      const { error } = (await first.clone().json()) as Doc;
      const last =
        first.status === 428 ? await own.post(`/api/${what}`, { id: "a", confirm: error.confirm }) : first;
      expect(last.status).toBe(200);
      await own.close();
    });
    expect(posted).toEqual(typed);
    expect(typed.audit.length).toBe(2);
  });
});

describe("editing", () => {
  test("steps are added, edited, cloned and removed", async () => {
    const { done, sequence } = await served();
    await done("step", { action: "add", id: "a", command });
    await done("step", { action: "edit", id: "a", name: "First" });
    await done("step", { action: "clone", id: "a", new: "b" });
    expect((await sequence()).steps).toEqual([
      { id: "a", name: "First", command },
      { id: "b", name: "First", command },
    ]);
    await done("step", { action: "rm", id: "a" });
    expect((await sequence()).steps.map(({ id }: Doc) => id)).toEqual(["b"]);
  });

  test("dependencies are added and cut; a circle is refused and changes no byte", async () => {
    const steps = [shell("a"), shell("b")];
    const { at, done, post, sequence } = await served({ steps });
    await done("dep", { action: "add", step: "b", dep: "a" });
    expect((await sequence()).steps[1].depends_on).toEqual(["a"]);
    const before = at.definition;
    expect(await post("dep", { action: "add", step: "a", dep: "b" })).toMatchObject({
      status: 400,
      body: { code: "dep.cycle", error: { code: "dep.cycle", message: expect.stringContaining("circle") } },
    });
    expect(at.definition).toBe(before);
    await done("dep", { action: "rm", step: "b", dep: "a" });
    expect((await sequence()).steps[1].depends_on ?? []).toEqual([]);
  });

  test("gates are put in, approved and blocked", async () => {
    const { done, get } = await served({ steps: [shell("a")] });
    await done("gate", { action: "insert", id: "g", name: "Look" });
    const standing = async () => (await get("/api/gate")).body.gates[0].status;
    expect(await standing()).toBe("PENDING");
    await done("gate", { action: "approve", id: "g" });
    expect(await standing()).toBe("APPROVED");
    await done("gate", { action: "block", id: "g" });
    expect(await standing()).toBe("BLOCKED");
  });

  test("steps are put side by side, and candidates joined", async () => {
    const steps = ["a", "b", "c", "d", "e"].map((id) => shell(id));
    const { done, sequence } = await served({ steps });
    await done("group", { action: "parallelize", ids: ["a", "b"], group_id: "both" });
    await done("fusion", { action: "create", candidates: ["c", "d"], synth: "e" });
    expect((await sequence()).steps).toMatchObject([
      { id: "a", group_id: "both" },
      { id: "b", group_id: "both" },
      { id: "c" },
      { id: "d" },
      { id: "e", fusion_synth: true, fusion_candidates: ["c", "d"] },
    ]);
  });
});

describe("every change goes one way", () => {
  test("what is malformed stops before the rules, what they forbid is 403 and recorded, and neither changes anything", async () => {
    const { at, done, post } = await served({
      steps: [{ id: "a", command: ["rm", "-rf", "gone"] }],
      rules: { forbidden_patterns: ["rm -rf"] },
    });
    await done("step", { action: "add", id: "b", command });
    const before = { definition: at.definition, runs: at.runs().length };
    const last = () => at.audit().at(-1);
    expect(last()).toMatchObject({ actor: "user", surface: "http", action: "step.add", result: "success" });

    const malformed = await post("step", { action: "add", id: "c", timeout_ms: "soon" });
    expect(malformed).toMatchObject({ status: 400, body: { code: "input.invalid" } });
    expect(malformed.body.error.code).toBe(malformed.body.code);
    expect(last()).toMatchObject({ action: "step.add", result: "error" });

    const denied = await post("run", { action: "step", id: "a" });
    expect(denied).toMatchObject({ status: 403, body: { code: "policy.denied" } });
    expect(Object.keys(denied.body).sort()).toEqual(["code", "error"]);
    expect(last()).toMatchObject({ action: "run.start", result: "denied", error: { code: "policy.denied" } });

    expect({ definition: at.definition, runs: at.runs().length }).toEqual(before);
  });
});

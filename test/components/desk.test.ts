import { describe, expect, test } from "bun:test";
import type { Call, Question } from "../../components/state/call";
import { type Answer, Desk } from "../../components/state/desk";
import { tryEdit } from "../../components/state/try-edit";
import type { StatusDocument } from "../../components/state/wire";
import type { Sequence } from "../../lib/core/sequence/schema";

const call = (action: string, input: Call["input"]): Call => ({ action, input });
const addB = call("step.add", { id: "b", depends_on: ["a"] });

/** A server that knows one sequence, answers by core's own code, and lets go of answers when it is told to. */
class Server {
  revision = 1;
  sequence: Sequence = { version: 1, name: "s", steps: [{ id: "a" }] };
  sent: { call: Call; confirm: string | undefined }[] = [];
  answers: Answer[] = [];
  hold: Promise<void> = Promise.resolve();
  shown: StatusDocument[] = [];
  questions: Question[] = [];
  agrees = true;

  desk = new Desk({
    send: async (call, confirm) => {
      this.sent.push({ call, confirm });
      await this.hold;
      const ready = this.answers.shift();
      if (ready) return ready;
      const result = tryEdit(this.sequence, call);
      if (result === "unknown" || "refusal" in result) return { kind: "refused", refusal };
      this.sequence = result.sequence;
      this.revision += 1;
      return {
        kind: "done",
        done: { summary: "done", changed: true, after: String(this.revision), warnings: [] },
      };
    },
    sequence: async () => ({ revision: String(this.revision), sequence: this.sequence }),
    status: async () => this.status(),
    apply: async () => tryEdit,
    ask: async (question) => {
      this.questions.push(question);
      return this.agrees;
    },
    publish: (status) => this.shown.push(status),
  });

  status(): StatusDocument {
    const steps = (this.sequence.steps ?? []).map((step) => ({
      id: step.id,
      depends_on: step.depends_on ?? [],
    }));
    return { name: "s", revision: String(this.revision), steps, gates: [] } as unknown as StatusDocument;
  }

  /** Ids that the page shows now. */
  ids(): string[] {
    return this.shown.at(-1)?.steps.map((step) => step.id) ?? [];
  }
}

const refusal = { status: 400, code: "x.y", message: "it can't be done" };
const question: Question = {
  summary: "remove step a",
  times: 2,
  why: "it removes",
  shows: [],
  confirm: "d1",
};

function opened(): Server {
  const server = new Server();
  server.desk.take(server.status());
  return server;
}

describe("an edit", () => {
  test("is shown before the server answers, and stays when it did", async () => {
    const server = opened();
    let release = () => {};
    server.hold = new Promise((resolve) => {
      release = resolve;
    });
    const outcome = server.desk.edit([addB]);
    await server.desk.prepare();
    await Promise.resolve();
    expect(server.ids()).toEqual(["a", "b"]);
    release();
    expect((await outcome).kind).toBe("done");
    expect(server.ids()).toEqual(["a", "b"]);
    expect(server.sent).toEqual([{ call: addB, confirm: undefined }]);
  });

  test("is taken back with the server's words when it is refused", async () => {
    const server = opened();
    server.answers = [{ kind: "refused", refusal }];
    expect(await server.desk.edit([addB])).toEqual({ kind: "refused", refusal });
    expect(server.shown.some((status) => status.steps.length === 2)).toBe(true);
    expect(server.ids()).toEqual(["a"]);
  });

  test("that core itself refuses is not even sent", async () => {
    const server = opened();
    const outcome = await server.desk.edit([call("dep.add", { step: "a", dep: "a" })]);
    expect(outcome).toMatchObject({ kind: "refused", refusal: { code: "dep.cycle" } });
    expect(server.sent).toEqual([]);
  });

  test("of several calls is one call", async () => {
    const server = opened();
    await server.desk.edit([addB, call("step.add", { id: "c" })]);
    expect(server.sent[0]?.call).toEqual({
      action: "sequence.change",
      input: { calls: [addB, call("step.add", { id: "c" })] as never },
    });
    expect(server.ids()).toEqual(["a", "b", "c"]);
  });

  test("waits for the one before it, and is laid over it meanwhile", async () => {
    const server = opened();
    const both = [
      server.desk.edit([addB]),
      server.desk.edit([call("step.add", { id: "c", depends_on: ["b"] })]),
    ];
    expect((await Promise.all(both)).map((outcome) => outcome.kind)).toEqual(["done", "done"]);
    expect(server.ids()).toEqual(["a", "b", "c"]);
  });

  test("stays over a status that was pushed before it was saved", async () => {
    const server = opened();
    const before = server.status();
    const outcome = server.desk.edit([addB]);
    await server.desk.prepare();
    await Promise.resolve();
    server.desk.take(before);
    expect(server.ids()).toEqual(["a", "b"]);
    await outcome;
  });

  test("that somebody undoes at once does not stay, though the server never saw a change", async () => {
    const server = opened();
    const before = server.sequence;
    const { status } = server;
    server.status = () => {
      server.sequence = before;
      server.revision = 1;
      return status.call(server);
    };
    await server.desk.edit([addB]);
    expect(server.ids()).toEqual(["a"]);
  });

  test("that the server can't be asked about afterwards is settled by the next push", async () => {
    const server = opened();
    const { status } = server;
    server.status = () => {
      throw new Error("the line is broken");
    };
    const broken = server.desk.edit([addB]);
    await broken.catch(() => undefined);
    server.status = status;
    server.desk.take(server.status());
    expect(server.ids()).toEqual(["a", "b"]);
    server.revision = 9;
    server.sequence = { version: 1, name: "s", steps: [{ id: "z" }] };
    server.desk.take(server.status());
    expect(server.ids()).toEqual(["z"]);
  });
});

describe("a question", () => {
  test("is put to the person, and the yes goes back with what was shown", async () => {
    const server = opened();
    const done = { summary: "removed", changed: true, after: "2", warnings: [] };
    server.answers = [
      { kind: "asked", question },
      { kind: "done", done },
    ];
    const outcome = await server.desk.edit([call("step.rm", { id: "a" })]);
    expect(outcome).toEqual({ kind: "done", done });
    expect(server.questions).toEqual([question]);
    expect(server.sent.map(({ confirm }) => confirm)).toEqual([undefined, "d1"]);
  });

  test("is not asked where the yes was given to what the page itself shows, and is not given to anything else", async () => {
    const server = opened();
    const moved = { ...refusal, code: "gate.moved" };
    server.answers = [
      { kind: "done", done: { summary: "", changed: true, warnings: [] } },
      { kind: "refused", refusal: moved },
    ];
    const approve = call("gate.approve", { id: "g" });
    expect((await server.desk.do(approve, "seen")).kind).toBe("done");
    expect(await server.desk.do(approve, "seen")).toEqual({ kind: "refused", refusal: moved });
    expect(server.sent.map(({ confirm }) => confirm)).toEqual(["seen", "seen"]);
    expect(server.questions).toEqual([]);
  });

  test("is asked anew when what it was about changed meanwhile", async () => {
    const server = opened();
    const stale = { ...refusal, code: "confirm.stale" };
    server.answers = [
      { kind: "asked", question },
      { kind: "refused", refusal: stale },
      { kind: "asked", question: { ...question, confirm: "d2" } },
      { kind: "done", done: { summary: "", changed: false, warnings: [] } },
    ];
    await server.desk.do(call("run.start", { scope: "all" }));
    expect(server.sent.map(({ confirm }) => confirm)).toEqual([undefined, "d1", undefined, "d2"]);
  });

  test("answered with no changes nothing", async () => {
    const server = opened();
    server.agrees = false;
    server.answers = [{ kind: "asked", question }];
    expect(await server.desk.edit([call("step.rm", { id: "a" })])).toEqual({ kind: "declined" });
    expect(server.ids()).toEqual(["a"]);
  });
});

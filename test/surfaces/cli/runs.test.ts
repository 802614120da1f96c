import { afterEach, describe, expect, test } from "bun:test";
import type { RunDoc } from "../../../lib/core/views/run";
import { sayIn } from "../../rig/fake-shell";
import { Held } from "../../rig/held";
import { cleanUp, Workspace } from "../../rig/workspace";

afterEach(cleanUp);

const flaky = ["sh", "-c", "test -e ok"];
const ids = (doc: { runs: { id: string }[] }) => doc.runs.map((run) => run.id);

describe("runs", () => {
  test("are none at first", async () => {
    const at = await Workspace.make();
    expect((await sayIn(at, ["runs", "list"])).out).toContain("no run yet");
    expect(await at.json(["runs", "show"])).toMatchObject({ exit: 2, doc: { code: "run.none" } });
    expect(await at.json(["runs", "diff"])).toMatchObject({ exit: 2, doc: { code: "run.none" } });
    expect(await at.json(["cancel"])).toMatchObject({ exit: 2, doc: { code: "run.none" } });
  });

  test("are told in numbers: types, attempts, failures, waits at gates", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "a", type: "p", command: ["true"] },
        { id: "b", command: flaky },
        { id: "c", command: ["true"], depends_on: ["go"] },
      ],
      gates: [{ id: "go", name: "Go?", depends_on: ["a"] }],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    at.write("ok", "");
    expect((await at.seqctl(["gate", "approve", "go", "--follow", "--yes"])).exit).toBe(1);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    const { doc } = await at.json<RunDoc>(["runs", "show"]);
    expect(doc).toMatchObject({ state: "complete", opened_by: "user", counts: { DONE: 3, total: 3 } });
    expect(doc.metrics).toMatchObject({
      attempts: 4,
      failures: 1,
      by_type: { p: { steps: 1, done: 1 }, base: { steps: 2, done: 2, failed: 0 } },
      gates: [{ gate: "go", decision: "approved", by: "user" }],
    });
    const { out } = await sayIn(at, ["runs", "show", doc.id.slice(-6)]);
    expect(out).toStartWith(`✓ complete  ${doc.id}`);
    expect(out).toContain("1 failed attempt, 0 retries, 0 restarts");
    expect(out).toMatch(/gate go +approved by user after/);
  });

  test("are listed newest first, and set side by side with the definition each followed", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "a", command: ["true"] },
        { id: "b", command: flaky },
      ],
    });
    await at.seqctl(["run", "runnable", "--yes"]);
    at.write("ok", "");
    await at.seqctl(["step", "add", "new", "--command", '["true"]']);
    expect((await at.seqctl(["run", "--new", "--yes"])).exit).toBe(0);
    const listed = await at.json(["runs", "list"]);
    expect(listed.doc).toMatchObject({
      total: 2,
      runs: [
        { state: "complete", counts: { DONE: 3 } },
        { state: "superseded", counts: { DONE: 1, FAILED: 1, READY: 1 } },
      ],
    });
    const [newer, older] = ids(listed.doc as never);
    const compared = await at.json(["runs", "diff"]);
    expect(compared.doc).toMatchObject({
      a: { id: older },
      b: { id: newer },
      steps: [
        { id: "a", differs: false },
        { id: "b", differs: true, a: { status: "FAILED", exit_code: 1 }, b: { status: "DONE" } },
        { id: "new", differs: true, b: { status: "DONE" } },
      ],
    });
    const { out } = await sayIn(at, ["runs", "diff", older ?? "", newer ?? ""]);
    expect(out).toMatch(/~ +b +✗ FAILED .* exit 1 +→ +✓ DONE/);
    expect(await at.json(["runs", "show", "ZZZZ"])).toMatchObject({ exit: 2, doc: { code: "run.unknown" } });
  });
});

describe("cancel", () => {
  test("ends what runs, cancels what waits, and the next run is a new one", async () => {
    const at = await Workspace.make();
    const held = new Held(at);
    await at.seqctl(["step", "add", "long", "--command", JSON.stringify(held.command("long"))]);
    await at.seqctl(["step", "add", "after", "--command", '["true"]', "--depends-on", "long"]);
    await at.seqctl(["run", "--detach", "--yes"]);
    await held.hasBegun("long");
    expect(await at.json(["cancel"])).toMatchObject({ exit: 0, doc: { outcome: "canceled", open: false } });
    expect(await at.standing()).toEqual({ long: "FAILED stopped 1", after: "CANCELED stopped" });
    const canceled = (await at.status()).run;
    await at.seqctl(["step", "edit", "long", "--command", '["true"]']);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    const now = await at.status();
    expect(now.run).not.toBe(canceled);
    expect(now.counts).toMatchObject({ DONE: 2 });
    expect((await sayIn(at, ["cancel"])).out).toBe("nothing to cancel: the run is complete\n");
    expect((await at.json(["runs", "list"])).doc.runs).toMatchObject([
      { state: "complete" },
      { state: "canceled" },
    ]);
  });
});

describe("rerun", () => {
  test("gives a finished step a new attempt, alone or with what depends on it", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "a", command: ["true"] },
        { id: "b", command: ["true"], depends_on: ["a"] },
        { id: "other", command: ["true"] },
      ],
    });
    expect(await at.json(["rerun", "a", "--yes"])).toMatchObject({
      exit: 2,
      doc: { code: "step.never_ran" },
    });
    await at.seqctl(["run", "--yes"]);
    expect((await at.json(["rerun", "a", "--yes"])).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "DONE 2", b: "DONE 1", other: "DONE 1" });
    expect((await at.json(["rerun", "a", "--downstream", "--yes"])).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "DONE 3", b: "DONE 2", other: "DONE 1" });
    expect(await at.json(["rerun", "a"])).toMatchObject({ exit: 3, doc: { code: "approval.pending" } });
  });
});

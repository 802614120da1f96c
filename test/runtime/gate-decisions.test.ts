import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const say = "echo written; echo careful >&2";
const write = { id: "write", command: ["sh", "-c", say] };
const ship = { id: "ship", command: ["true"], depends_on: ["review"] };
const review = { id: "review", name: "Good?", depends_on: ["write"] };

/** A run in which the work was sent back once, done anew and then rejected for good, and the run after it. */
async function decided() {
  const at = await Workspace.make({ steps: [write, ship], gates: [review] });
  await at.seqctl(["run", "step", "write", "--yes"]);
  const reject = ["gate", "reject", "review", "--yes", "--reason"];
  expect((await at.seqctl([...reject, "too\nshort", "--back-to", "write"])).exit).toBe(0);
  await at.seqctl(["run", "step", "write", "--yes"]);
  expect((await at.seqctl([...reject, "still short"])).exit).toBe(0);
  const shown = (await at.json(["gate", "show", "review"])).doc;
  return { at, shown };
}

const tooShort = { decision: "rejected", by: "user", reason: "too\nshort", back_to: "write" };
const stillShort = { decision: "rejected", by: "user", reason: "still short", back_to: null };

test("each decision of a run is told with its reason, person and time, the one that holds, too", async () => {
  const { at, shown } = await decided();
  expect(shown.decision).toMatchObject({ status: "BLOCKED", by: "user", reason: "still short" });
  expect(shown.decisions).toMatchObject([tooShort, stillShort]);
  const facts = at.facts().filter((fact) => fact.type === "gate.rejected");
  expect(shown.decisions.map((one: { at: number }) => one.at)).toEqual(
    facts.map((fact) => Date.parse(fact.ts)),
  );
  const { out } = await at.seqctl(["gate", "show", "review"]);
  expect(out).toContain("rejected by user, the work went back to write: too\n    short\n");
  expect(out).toContain("rejected by user: still short\n");
  const runs = (await at.json(["runs", "show"])).doc;
  expect(runs.metrics.gates).toMatchObject([tooShort, stillShort]);
  expect((await at.seqctl(["runs", "show"])).out).toContain(": still short");
});

test("those of the runs before are told behind them, and an approval counts as one", async () => {
  const { at, shown } = await decided();
  expect(shown.earlier).toEqual([]);
  expect((await at.seqctl(["run", "--new", "--yes"])).exit).toBe(3);
  expect((await at.seqctl(["gate", "approve", "review", "--yes"])).exit).toBe(0);
  const next = (await at.json(["gate", "show", "review"])).doc;
  expect(next.decisions).toMatchObject([{ decision: "approved", by: "user", reason: null }]);
  expect(next.earlier).toMatchObject([{ decisions: [tooShort, stillShort] }]);
  const { out } = await at.seqctl(["gate", "show", "review"]);
  expect(out).toContain(`decided in run ${next.earlier[0].run}\n`);
});

test("standard error stands beside what is shown, and no yes is bound to it", async () => {
  const at = await Workspace.make({ steps: [write, ship], gates: [review] });
  await at.seqctl(["run", "step", "write", "--yes"]);
  const before = (await at.json(["gate", "show", "review"])).doc;
  expect(before.shows).toMatchObject([
    {
      files: [{ name: "stdout.log", excerpt: "written\n" }],
      unbound: [{ name: "stderr.log", excerpt: "careful\n", cut: false }],
    },
  ]);
  expect((await at.seqctl(["gate", "show", "review"])).out).toContain(
    "stderr.log  8 bytes, a yes is not bound to it\n    careful\n",
  );
  at.write(`${at.attempt("write")}/stderr.log`, "changed\n");
  const after = (await at.json(["gate", "show", "review"])).doc;
  expect(after.shows[0].unbound).toMatchObject([{ excerpt: "changed\n" }]);
  expect(after.digest).toBe(before.digest);
});

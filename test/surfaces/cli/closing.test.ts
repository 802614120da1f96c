import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { sayIn } from "../../rig/fake-shell";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const steps = [
  { id: "good", command: ["true"] },
  { id: "bad", command: ["false"] },
];

test("a run that failed names the gates that wait, too", async () => {
  const at = await Workspace.make({ steps, gates: [{ id: "g", name: "Look", depends_on: ["good"] }] });
  const { exit, out } = await sayIn(at, ["run", "--yes"]);
  expect(exit).toBe(1);
  expect(out).toEndWith(
    "✗ failed  bad; see `seqctl logs bad --stream stderr`\n  ◇ g: Look; seqctl gate approve g\n",
  );
});

describe("a run that an edit completes", () => {
  test("is said to be complete, and the next one to be new", async () => {
    const at = await Workspace.make({ steps });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect((await sayIn(at, ["step", "rm", "bad", "--yes"])).out).toBe(
      "✓ remove step bad\n  the run is complete with this; the next `seqctl run` opens a new one\n",
    );
    const asked = await sayIn(at, ["run"], { answers: ["n"] });
    expect(asked.err).toContain("in a new run: the last one is complete");
    const { exit, out } = await sayIn(at, ["run", "--yes"]);
    expect(exit).toBe(0);
    expect(out).toStartWith("  in a new run: the last one is complete\n");
    expect(at.runs()).toHaveLength(2);
  });

  test("is not made out of one that was complete before, or that is only gone on with", async () => {
    const at = await Workspace.make({ steps });
    expect((await sayIn(at, ["run", "--yes"])).out).not.toContain("new run");
    expect((await sayIn(at, ["run", "--yes"])).out).not.toContain("new run");
    await at.seqctl(["step", "rm", "bad", "--yes"]);
    expect((await sayIn(at, ["step", "edit", "good", "--name", "G"])).out).toBe(
      "✓ change name of step good\n",
    );
    await at.seqctl(["step", "add", "late", "--command", '["true"]']);
    await at.seqctl(["cancel", "--yes"]);
    expect((await sayIn(at, ["run", "--yes"])).out).toContain("in a new run: the last one was given up");
  });
});

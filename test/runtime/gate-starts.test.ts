// Whoever approves a gate is told what that starts, wherever it is done, and from one source.
import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { person, refused } from "../rig/chat";
import { opened } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const definition = {
  steps: [
    { id: "plan", command: ["sh", "-c", 'echo planned > "$THREADOS_OUTPUT_DIR/plan.md"'] },
    { id: "broken", command: ["false"] },
    { id: "report", command: ["node", "-e", "0"], env: { MODE: "full" }, depends_on: ["g"] },
    { id: "after", command: ["true"], depends_on: ["report"] },
    { id: "ship", command: ["true"], depends_on: ["report", "last"] },
    { id: "never", command: ["true"], depends_on: ["g", "broken"] },
    { id: "nor", command: ["true"], depends_on: ["never"] },
  ],
  gates: [
    { id: "g", name: "Look", depends_on: ["plan"], shows: ["plan"] },
    { id: "last", name: "Last word", depends_on: ["report"] },
  ],
};

const starts = [
  { step: "report", command: ["node", "-e", "0"], env: { MODE: "full" }, class: "arbitrary-code", gates: [] },
  { step: "after", command: ["true"], gates: [] },
  { step: "ship", command: ["true"], gates: ["last"] },
];

describe("what an approval starts", () => {
  test("stands in `gate show`, in the inbox, in a dry run and in the question, with its commands", async () => {
    const at = await Workspace.make(definition);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect((await at.json(["gate", "show", "g"])).doc.starts).toMatchObject(starts);
    expect((await at.json(["inbox"])).doc.gates[0].starts).toMatchObject(starts);
    const told = 'report: ["node","-e","0"]; with the environment {"MODE":"full"}; arbitrary code';
    expect((await at.seqctl(["gate", "show", "g"])).out).toContain(`\nan approval starts\n  ${told}\n`);
    expect((await at.seqctl(["inbox"])).out).toContain(`approving 'g' starts ${told}`);
    const { doc } = await at.json(["gate", "approve", "g", "--dry-run"]);
    expect(doc.starts.map(({ step }: { step: string }) => step)).toEqual(["report", "after", "ship"]);
    const threados = await opened(at);
    const asked = refused(await threados.dispatch({ action: "gate.approve", input: { id: "g" } }, person));
    if (asked.code !== "confirm.required") throw new Error(asked.code);
    expect(asked.about?.starts).toMatchObject(starts);
    expect(asked.about?.shown).toEqual(["plan: attempt 1, done; it left plan.md, stdout.log"]);
    expect(asked.about?.beside).toEqual([]);
    expect(asked.shows).toContain(`starts then: ${told}`);
    expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
    expect((await at.json(["gate", "show", "g"])).doc.starts).toEqual([]);
  });

  test.each([
    ["another command", '- "0"', '- "1"'],
    ["another environment", "MODE: full", "MODE: half"],
    ["one step less", "- report\n  - id: ship", "- broken\n  - id: ship"],
    ["no gate in between", "- report\n      - last", "- report"],
  ])("is what a yes is said to: with %s it has to be said anew", async (_what, words, others) => {
    const at = await Workspace.make(definition);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    const before = (await at.json(["gate", "show", "g"])).doc;
    const file = ".threados/sequence.yaml";
    const text = at.read(file);
    expect(text).toContain(words);
    at.write(file, text.replace(words, others));
    const moved = await at.json(["gate", "approve", "g", "--digest", before.confirm]);
    expect(moved).toMatchObject({ exit: 5, doc: { code: "gate.moved" } });
    const now = (await at.json(["gate", "show", "g"])).doc;
    // What it shows is the same: an approval that holds would not become void by that.
    expect([now.digest, now.confirm]).toEqual([before.digest, moved.doc.error.confirm]);
    expect((await at.seqctl(["gate", "approve", "g", "--digest", now.confirm])).exit).toBe(0);
  });

  test("is nothing where nobody has asked for what comes after it", async () => {
    const at = await Workspace.make(definition);
    await at.seqctl(["run", "step", "plan", "--yes"]);
    expect((await at.json(["gate", "show", "g"])).doc.starts).toEqual([]);
    expect((await at.seqctl(["gate", "show", "g"])).out).toContain("an approval starts nothing by itself");
  });
});

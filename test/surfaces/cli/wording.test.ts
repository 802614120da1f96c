import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { sayIn } from "../../rig/fake-shell";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

describe("a line that asks for what can't be", () => {
  test.each([
    [["step", "add", "a", "--command", "[]"], "step.add, 'command': must not be empty"],
    [["template", "apply", "parallel", "--workers", "0"], "'workers': must be at least 1"],
    [["template", "apply", "chained", "--phases", "a,b,A"], "'phases': 'A' is named twice"],
    [["template", "apply", "fusion", "--candidates", "x,x"], "'candidates': 'x' is named twice"],
    [["policy", "explain"], "seqctl policy explain -- npm test, or seqctl policy explain --step <id>"],
  ])("%j is told in words: %s", async (line, said) => {
    const at = await Workspace.make();
    const before = at.definition;
    const { exit, err } = await sayIn(at, line);
    expect(exit).toBe(2);
    expect(err).toContain(said);
    expect(err).not.toMatch(/Too (small|big)|>=/);
    expect(at.definition).toBe(before);
  });
});

test("undo names what an approved proposal did", async () => {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
  const { doc } = await at.json(["step", "rm", "a"]);
  expect((await at.seqctl(["approve", doc.error.proposal, "--yes"])).exit).toBe(0);
  expect((await sayIn(at, ["undo"])).out).toBe("✓ undo the last change (remove step a)\n");
});

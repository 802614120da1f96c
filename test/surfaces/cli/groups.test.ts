import { afterEach, describe, expect, test } from "bun:test";
import { sayIn } from "../../rig/fake-shell";
import { cleanUp, Workspace } from "../../rig/workspace";

afterEach(cleanUp);

const three = () => Workspace.make({ steps: ["a", "b", "c"].map((id) => ({ id, command: ["true"] })) });

describe("groups", () => {
  test("are made from any number of words, and listed with their members", async () => {
    const at = await three();
    expect((await sayIn(at, ["group", "list"])).out).toContain("there are no groups");
    const made = await at.json(["group", "parallelize", "a", "b,c", "--group-id", "team"]);
    expect(made).toMatchObject({ exit: 0, doc: { changed: true } });
    const listed = await at.json(["group", "list"]);
    expect(listed.doc).toMatchObject({
      groups: [
        {
          id: "team",
          fail_policy: "best_effort",
          members: [{ id: "a" }, { id: "b" }, { id: "c" }],
          counts: { READY: 3 },
        },
      ],
    });
    const { out } = await sayIn(at, ["group", "list"]);
    expect(out).toStartWith("team  best_effort  3 READY\n");
    expect(out).toContain("  ○ READY  b  is ready; nobody has asked for it yet\n");
  });

  test("that can't be are refused, and nothing is written", async () => {
    const at = await three();
    await at.seqctl(["dep", "add", "b", "a"]);
    const before = at.definition;
    const refused = await at.json(["group", "parallelize", "b", "a"]);
    expect(refused).toMatchObject({ exit: 2, doc: { code: "group.dependent" } });
    const one = await sayIn(at, ["group", "parallelize", "a"]);
    expect(one).toMatchObject({ exit: 2, err: expect.stringContaining("a group takes two steps or more") });
    const none = await sayIn(at, ["group", "parallelize"]);
    expect(none).toMatchObject({ exit: 2, err: expect.stringContaining("missing required argument 'ids'") });
    expect(at.definition).toBe(before);
  });
});

test("a fusion is made from a line, and undone as one change", async () => {
  const at = await three();
  const before = at.definition;
  const line = ["fusion", "create", "--candidates", "a,b", "--synth", "c"];
  expect((await sayIn(at, [...line, "--dry-run"])).out).toBe("would fuse a, b into c\n");
  expect(at.definition).toBe(before);
  expect((await at.json(line)).exit).toBe(0);
  const { doc } = await at.json(["step", "show", "c"]);
  expect(doc).toMatchObject({ definition: { fusion_synth: true }, status: { depends_on: ["a", "b"] } });
  expect((await at.seqctl(["undo"])).exit).toBe(0);
  expect(at.definition).toBe(before);
  const made = await at.json([
    "fusion",
    "create",
    "--candidates",
    "x,y",
    "--synth",
    "z",
    "--command",
    '["true","now"]',
  ]);
  expect(made.exit).toBe(0);
  const bare = await at.json(["fusion", "create", "--candidates", "a,b", "--synth", "fresh"]);
  expect(bare).toMatchObject({ exit: 2, doc: { code: "step.unknown" } });
});

import { describe, expect, test } from "bun:test";
import { clipOf, paste, readClip } from "../../components/canvas/clipboard";
import type { Sequence } from "../../lib/core/sequence/schema";
import { edit } from "../core/rig/acting";

const sequence: Sequence = {
  version: 1,
  name: "from",
  steps: [
    { id: "plan", model: "claude-code" },
    { id: "build", command: ["make"], depends_on: ["plan"], tags: ["x"] },
    { id: "other", command: ["true"], finally: ["build"] },
  ],
  gates: [{ id: "ok", name: "Fine?", depends_on: ["build"], shows: ["build", "plan"] }],
};

function clip(ids: string[], prompts = {}) {
  const read = readClip(clipOf(sequence, ids, prompts));
  if (!read || "fault" in read) throw new Error("nothing was read");
  return read;
}

describe("copied steps and gates", () => {
  test("are YAML as it may stand in the file, and come back as they were", () => {
    const text = clipOf(sequence, ["build", "ok"]);
    expect(text).toStartWith("# Steps of a ThreadOS sequence");
    expect(clip(["build", "ok"])).toEqual({
      steps: [sequence.steps?.[1]],
      gates: [sequence.gates?.[0]],
      prompts: {},
    } as never);
  });

  test("get ids of their own beside the originals, and hang together as those do", () => {
    const present = ["plan", "build", "other", "ok"];
    const { calls, made, missing } = paste(clip(["build", "ok"]), present);
    expect(made).toEqual(["build-copy", "ok-copy"]);
    expect(missing).toEqual([]);
    const result = edit("sequence.change", sequence, { calls });
    if (!result.ok) throw new Error(JSON.stringify(result.failure));
    expect(result.value.steps?.at(-1)).toEqual({
      id: "build-copy",
      command: ["make"],
      depends_on: ["plan"],
      tags: ["x"],
    });
    expect(result.value.gates?.at(-1)).toMatchObject({
      depends_on: ["build-copy"],
      shows: ["build-copy", "plan"],
    });
  });

  test("keep their ids in another workspace, and lose what is not there", () => {
    const { calls, made, missing, prompts } = paste(clip(["ok", "build", "plan"], { plan: "Think." }), []);
    expect(made.toSorted()).toEqual(["build", "ok", "plan"]);
    expect(missing).toEqual([]);
    expect(prompts).toEqual({ plan: "Think." });
    expect(edit("sequence.change", { version: 1, name: "to" }, { calls }).ok).toBe(true);
    const alone = paste(clip(["build"]), []);
    expect(alone.missing).toEqual(["plan"]);
    expect(alone.calls).toEqual([
      { action: "step.add", input: { id: "build", command: ["make"], tags: ["x"] } },
    ]);
  });
});

describe("what is pasted", () => {
  test("may be a bare list, or a whole file", () => {
    expect(readClip("- id: a\n  command: [x]\n")).toMatchObject({ steps: [{ id: "a" }] });
    expect(readClip("version: 1\nname: s\nsteps:\n  - id: a\n")).toMatchObject({ steps: [{ id: "a" }] });
  });

  test.each(["", "just words", "a: b", "steps: 3", "# comment only", "steps: [", "&a [*a, *a]"])(
    "and holds no steps is nothing: %p",
    (text) => expect(readClip(text)).toBeUndefined(),
  );

  test("and makes no sense says where", () => {
    expect(readClip("steps:\n- id: a\n  colour: red\n")).toEqual({
      fault: expect.stringMatching(/^step 'a' can't be pasted: .*colour/) as never,
    });
  });
});

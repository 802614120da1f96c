import { describe, expect, test } from "bun:test";
import { completionsAt, type Schema } from "../../components/inspector/complete-yaml";
import { jsonSchema } from "../../lib/core/sequence/json-schema";

const schema = jsonSchema("sequence") as unknown as Schema;
const names = { nodes: ["build", "review"], agents: ["shell", "codex"] };

/** What is offered at the bar. */
function offered(text: string, root = schema): string[] {
  const at = text.indexOf("|");
  const found = completionsAt(text.replace("|", ""), at, root, names);
  return found?.options.map(({ label }) => label) ?? [];
}

describe("completion by the schema", () => {
  test("offers the keys of the place, without those that stand there", () => {
    expect(offered("|")).toContain("steps");
    const keys = offered("version: 1\nsteps:\n  - id: a\n    |\n    name: A\n  - id: b\n    cwd: x\n");
    expect(keys).toContain("depends_on");
    expect(keys).toContain("cwd");
    expect(keys).not.toContain("id");
    expect(keys).not.toContain("name");
    expect(keys).not.toContain("steps");
  });

  test("knows lists that are not indented, first keys of an item, and what stands deeper", () => {
    expect(offered("steps:\n- id: a\n  |")).toContain("command");
    expect(offered("steps:\n- |")).toContain("id");
    expect(offered("gates:\n  - id: g\n    |")).toContain("shows");
    expect(offered("gates:\n  - id: g\n    |")).not.toContain("command");
    expect(offered("steps:\n  - id: a\n    retry:\n      |")).toEqual(
      expect.arrayContaining(["limit", "backoff_ms"]) as never,
    );
    expect(offered("gates:\n  - id: g\n    questions:\n      - id: q\n        |")).toContain("ask");
    expect(offered("params:\n  branch:\n    |")).toEqual(
      expect.arrayContaining(["type", "default"]) as never,
    );
  });

  test("offers values: those of the schema, and names where a name is wanted", () => {
    expect(offered("steps:\n  - id: a\n    isolation: |")).toEqual(["none", "worktree"]);
    expect(offered("steps:\n  - id: a\n    tty: t|")).toEqual(["true", "false"]);
    expect(offered("steps:\n  - id: a\n    model: |")).toEqual(["shell", "codex"]);
    expect(offered("steps:\n  - id: a\n    depends_on: [|")).toEqual(["build", "review"]);
    expect(offered("steps:\n  - id: a\n    depends_on: [build, r|")).toEqual(["build", "review"]);
    expect(offered("steps:\n  - id: a\n    depends_on:\n      - |")).toEqual(["build", "review"]);
  });

  test("says nothing in a comment, nor where anything may stand", () => {
    expect(offered("# na|")).toEqual([]);
    expect(offered("steps:\n  - id: |")).toEqual([]);
  });

  test("of a single step offers the keys of a step", () => {
    const step = schema.properties?.steps?.anyOf?.[0]?.items ?? schema.properties?.steps?.items;
    expect(offered("id: a\n|", step)).toContain("command");
  });
});

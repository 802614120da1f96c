import { afterEach, describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { layoutFile } from "../../../lib/io/files/layout-file";
import { initWorkspace, openWorkspace } from "../../../lib/threados";
import { scratch, sweep } from "../../rig/scratch";

afterEach(sweep);

describe("layout.json", () => {
  test("is read back as it was written, and nothing stays beside it", () => {
    const folder = scratch();
    const layout = { version: 1, direction: "down", positions: { a: { x: 1, y: -2.5 } } } as const;
    layoutFile(folder).write(layout);
    expect(layoutFile(folder).load()).toEqual(layout);
    expect(fs.readdirSync(folder)).toEqual(["layout.json"]);
  });

  test("that is missing, broken or no file at all counts as empty", () => {
    const folder = scratch();
    const empty = { version: 1, positions: {} } as const;
    expect(layoutFile(folder).load()).toEqual(empty);
    fs.writeFileSync(join(folder, "layout.json"), '{"version": 1, "posi');
    expect(layoutFile(folder).load()).toEqual(empty);
    fs.rmSync(join(folder, "layout.json"));
    fs.mkdirSync(join(folder, "layout.json"));
    expect(layoutFile(folder).load()).toEqual(empty);
  });
});

describe("placing through the door", () => {
  const opened = async () => {
    const root = scratch();
    await initWorkspace(root, { name: "places" });
    const workspace = openWorkspace(root, []);
    if (!workspace.ok) throw new Error(JSON.stringify(workspace.failure));
    return workspace.value;
  };
  const call = { action: "layout.place", input: { positions: { a: { x: 3, y: 4 } } } };

  test("writes the places, and neither the sequence nor the record", async () => {
    const { root, dispatch, query } = await opened();
    const read = (name: string) => fs.readFileSync(join(root, ".threados", name), "utf8");
    const before = [read("sequence.yaml"), read("audit.log")];
    expect(await dispatch(call, { actor: "user", surface: "http" })).toMatchObject({ ok: true });
    expect(await query("layout", {})).toEqual({
      ok: true,
      value: { version: 1, positions: { a: { x: 3, y: 4 } } },
    });
    expect([read("sequence.yaml"), read("audit.log")]).toEqual(before);
  });

  test("is only tried with a dry run, and is nothing for a step", async () => {
    const { root, dispatch } = await opened();
    const user = { actor: "user", surface: "http" } as const;
    expect(await dispatch(call, user, { dryRun: true })).toMatchObject({ ok: true });
    expect(await dispatch(call, { actor: "agent:a", surface: "mcp" })).toMatchObject({
      failure: { code: "agent.forbidden" },
    });
    expect(fs.existsSync(join(root, ".threados", "layout.json"))).toBe(false);
  });
});

import { afterEach, describe, expect, test } from "bun:test";
import { templates } from "../../../lib/core/templates";
import { sayIn } from "../../rig/fake-shell";
import { cleanUp, Workspace } from "../../rig/workspace";

afterEach(cleanUp);

const own = `title: Greet somebody
params: {who: {description: whom}}
steps: [{id: "\${id}-hello", command: ["echo", "hello \${who}"]}]
`;

describe("templates", () => {
  test("are listed, the user's own too, and a broken one says why", async () => {
    const at = await Workspace.make();
    at.write(".threados/templates/greet.yaml", own);
    at.write(".threados/templates/broken.yml", "steps: 3\n");
    at.write(".threados/templates/no template.txt", "");
    const { doc } = await at.json(["template", "list"]);
    const types = doc.templates.map((row: { type: string }) => row.type);
    expect(types).toEqual([...templates.map(({ type }) => type), "broken", "greet"]);
    const { out } = await sayIn(at, ["template", "list"]);
    expect(out).toContain("Greet somebody");
    expect(out).toMatch(/broken\s+steps: /);
  });

  test("show their parameters and what they make", async () => {
    const at = await Workspace.make();
    at.write(".threados/templates/greet.yaml", own);
    const { out } = await sayIn(at, ["template", "show", "chained"]);
    expect(out).toContain('= ["plan","build","check"]');
    expect(out).toContain("- id: chained-plan-gate");
    const { doc } = await at.json(["template", "show", "greet"]);
    expect(doc).toMatchObject({ own: true, example: null, params: { required: ["who"] } });
    const unknown = await at.json(["template", "show", "gret"]);
    expect(unknown).toMatchObject({
      exit: 2,
      doc: { code: "template.unknown", error: { nearest: "greet" } },
    });
  });

  test("that were applied name the steps that only hold a placeholder, until they no longer do", async () => {
    const at = await Workspace.make();
    const { exit, err } = await sayIn(at, [
      "template",
      "apply",
      "chained",
      "--id",
      "ship",
      "--phases",
      "a,b",
    ]);
    expect({ exit, err }).toEqual({
      exit: 0,
      err: `warning the steps 'ship-a', 'ship-b' only print a placeholder; give each its own command: seqctl step edit ship-a --command '["npm","test"]'\n`,
    });
    await at.seqctl(["step", "edit", "ship-a", "--command", '["true"]']);
    expect((await sayIn(at, ["validate"])).err).toContain("step 'ship-b' only prints a placeholder");
    expect((await sayIn(at, ["step", "clone", "ship-b", "copy"])).err).toContain("step 'copy' only prints");
    const named = ["template", "apply", "base", "--id", "own", "--command", '["true"]'];
    expect((await sayIn(at, named)).err).toBe("");
  });

  test("are applied as one change that keeps comments and can be undone, and run", async () => {
    const at = await Workspace.make({ steps: [{ id: "first", command: ["true"] }] });
    at.write(".threados/sequence.yaml", `# mine\n${at.definition}`);
    at.write(".threados/templates/greet.yaml", own);
    const before = at.definition;
    const line = ["template", "apply", "parallel", "--workers", "2", "--merge", "--depends-on", "first"];
    expect(await at.json(line)).toMatchObject({ exit: 0, doc: { summary: "apply template parallel" } });
    expect(at.definition).toStartWith("# mine\n");
    expect((await at.seqctl(["undo"])).exit).toBe(0);
    expect(at.definition).toBe(before);
    expect((await at.seqctl(line)).exit).toBe(0);
    expect(
      (await at.seqctl(["template", "apply", "greet", "--id", "g", "--params", '{"who":"you"}'])).exit,
    ).toBe(0);
    const ran = await at.json(["run", "--yes"]);
    expect(ran).toMatchObject({ exit: 0, doc: { counts: { DONE: 5 } } });
    expect((await at.seqctl(["logs", "g-hello"])).out).toBe("hello you\n");
  });

  test("with parameters that don't fit change nothing and say where the right ones stand", async () => {
    const at = await Workspace.make();
    const before = at.definition;
    const said = await sayIn(at, ["template", "apply", "chained", "--workers", "2"]);
    expect(said).toMatchObject({ exit: 2, out: "" });
    expect(said.err).toContain("template chained takes no 'workers'");
    expect(said.err).toContain("seqctl template show chained");
    expect(at.definition).toBe(before);
  });
});

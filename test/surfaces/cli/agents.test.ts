import { afterEach, describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { allowEnv } from "../../rig/allow-env";
import { agentWorkspace, FakeAgent } from "../../rig/fake-agent";
import { cleanUp, Workspace } from "../../rig/workspace";

afterEach(cleanUp);

const mine = `# our own
agents:
  mine:
    executable: ./tools/agent
    args: ["{prompt_file}"]
    prompt: file
    env: [MINE_KEY]
`;

describe("seqctl agents list", () => {
  test("says which agents are found, where, and in which version", async () => {
    const at = await Workspace.make();
    const agent = new FakeAgent(at);
    at.write(".threados/agents.yaml", mine);
    const { exit, doc } = await at.json(["agents", "list"], {
      env: { PATH: `${at.home}/bin:/usr/bin:/bin` },
    });
    expect(exit).toBe(0);
    const rows = Object.fromEntries(doc.agents.map((row: { name: string }) => [row.name, row]));
    expect(Object.keys(rows)).toEqual(["claude-code", "codex", "gemini", "opencode", "mine", "shell"]);
    expect(rows["claude-code"]).toMatchObject({
      ready: true,
      version: "2.1.197",
      path: `${at.home}/bin/claude`,
      source: "built-in",
    });
    expect(rows.codex).toMatchObject({ ready: false, version: null, problem: "not found on the PATH" });
    expect(rows.mine).toMatchObject({ ready: false, source: "agents.yaml" });
    const { out } = await at.seqctl(["agents", "list"], { env: agent.env });
    expect(out).toMatch(/✓ ready +claude-code +2\.1\.197/);
  });

  test("points at the place where agents.yaml is wrong", async () => {
    const at = await Workspace.make();
    at.write(".threados/agents.yaml", mine.replace("prompt: file", "promt: file"));
    const { exit, doc } = await at.json(["agents", "list"]);
    expect([exit, doc.code]).toEqual([2, "agents.invalid"]);
    expect(doc.error).toMatchObject({
      hint: "did you mean 'prompt'?",
      place: { file: ".threados/agents.yaml", line: 6, column: 5 },
    });
  });
});

describe("an agent by configuration only", () => {
  test("gets its prompt as a file only this user can read, and its own variables", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", model: "mine" }] });
    at.write(".threados/agents.yaml", mine);
    at.write(".threados/prompts/a.md", "The task.\n");
    at.script(
      "tools/agent",
      '#!/bin/sh\nls -l "$1" | cut -c1-10\ncat "$1"\nkey=$(printenv ANTHROPIC_API_KEY || echo none)\necho "$MINE_KEY $key"\n',
    );
    const env = { MINE_KEY: "k", ANTHROPIC_API_KEY: "secret-of-another" };
    await allowEnv(at, env);
    expect((await at.seqctl(["run", "--yes"], { env })).exit).toBe(0);
    const said = "-rw-------\nThe task.\nk none\n";
    expect(at.read(`${at.attempt("a")}/stdout.log`)).toBe(said);
    expect(at.read(`${at.attempt("a")}/summary.md`)).toBe(said);
    expect(JSON.parse(at.read(`${at.attempt("a")}/usage.json`))).toMatchObject({
      agent: "mine",
      turns: 0,
      cost_usd: null,
    });
  });
});

describe("seqctl prompt", () => {
  test("edit writes the prompt through the door, show prints it, the record holds its digest", async () => {
    const { at } = await agentWorkspace(Workspace.make, [{ id: "a" }]);
    expect((await at.seqctl(["prompt", "edit", "a", "--text", "Do it well.\n"])).exit).toBe(0);
    expect(at.read(".threados/prompts/a.md")).toBe("Do it well.\n");
    expect((await at.seqctl(["prompt", "show", "a"])).out).toBe("Do it well.\n");
    const entry = at.audit().at(-1);
    expect(entry).toMatchObject({ action: "prompt.edit", target: "a", result: "success" });
    expect(entry?.payload.input).toMatchObject({ id: "a", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(JSON.stringify(entry)).not.toContain("well");
    expect((await at.json(["audit", "verify"])).doc.ok).toBe(true);
  });

  test("edit writes the file that the step names, and none outside the prompts", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "a", model: "codex", prompt: "prompts/deep/x.md" },
        { id: "b", model: "codex", prompt: "../README.md" },
        { id: "c", model: "codex", prompt: "prompts/link/x.md" },
      ],
    });
    fs.mkdirSync(at.path(".threados/prompts"), { recursive: true });
    fs.symlinkSync(at.home, at.path(".threados/prompts/link"));
    expect((await at.seqctl(["prompt", "edit", "a", "--text", "x"])).exit).toBe(0);
    expect(at.read(".threados/prompts/deep/x.md")).toBe("x");
    for (const [id, hint] of [
      ["b", "name another file: seqctl step edit b --prompt prompts/b.md"],
      ["c", "remove .threados/prompts/link, and repeat it"],
    ] as const)
      expect(await at.json(["prompt", "edit", id, "--text", "x"])).toMatchObject({
        exit: 2,
        doc: { code: "prompt.unusable", error: { hint } },
      });
    expect(fs.existsSync(`${at.home}/x.md`)).toBe(false);
    expect(await at.json(["prompt", "edit", "nope", "--text", "x"])).toMatchObject({
      exit: 2,
      doc: { code: "step.unknown" },
    });
    expect((await at.json(["prompt", "show", "b"])).doc).toMatchObject({
      path: ".threados/../README.md",
      text: null,
    });
  });
});

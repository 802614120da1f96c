import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtIns, findAdapter, loadAdapters } from "../../../lib/io/agents/agent-files";

function adapters(text?: string) {
  const folder = fs.mkdtempSync(join(tmpdir(), "threados-agents-"));
  if (text !== undefined) fs.writeFileSync(join(folder, "agents.yaml"), text);
  const loaded = loadAdapters(folder);
  const unknown = findAdapter(folder, "codx", "s");
  fs.rmSync(folder, { recursive: true });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
  return { get: (name: string) => loaded.value.get(name) ?? fail(name), unknown };
}

function fail(name: string): never {
  throw new Error(`no adapter ${name}`);
}

const start = { promptFile: "/private/p.md" };

describe("a built-in adapter", () => {
  test("never puts the prompt's text or file among its words", () => {
    for (const adapter of builtIns) {
      expect(adapter.prompt).toBe("stdin");
      expect(adapter.args(start).join(" ")).not.toContain("p.md");
    }
  });

  test.each([
    ["claude-code", "-p --output-format stream-json --verbose --model m --resume s"],
    ["codex", "exec resume --json --skip-git-repo-check --model m s -"],
    ["gemini", "--output-format stream-json --model m --resume s"],
    ["opencode", "run --format json --model m --session s"],
  ])("%s goes on with a session in the words of its own program", (name, words) => {
    expect(
      adapters()
        .get(name)
        .args({ ...start, model: "m", resume: "s" })
        .join(" "),
    ).toBe(words);
  });

  test("is offered when a name is misspelt", () => {
    expect(adapters().unknown).toMatchObject({ failure: { code: "agent.unknown", nearest: "codex" } });
  });
});

describe("an adapter of agents.yaml", () => {
  test("fills in the prompt's file, the model and the session", () => {
    const mine = adapters(`
agents:
  mine:
    executable: my-agent
    prompt: file
    args: [do, "--file={prompt_file}"]
    model_args: [-m, "{}"]
    resume_args: ["--session={}"]
`).get("mine");
    expect(mine).toMatchObject({
      executable: "my-agent",
      prompt: "file",
      stream: "text",
      resumes: true,
      env: [],
    });
    expect(mine.args(start)).toEqual(["do", "--file=/private/p.md"]);
    expect(mine.args({ ...start, model: "x", resume: "y" })).toEqual([
      "do",
      "--file=/private/p.md",
      "-m",
      "x",
      "--session=y",
    ]);
  });

  test("that extends another adds its words and variables to it", () => {
    const { get } = adapters(`
agents:
  editor: {extends: claude-code, args: [--permission-mode, acceptEdits], env: [MY_PROXY]}
  writer: {extends: codex, args: [--sandbox, workspace-write]}
`);
    expect(
      get("editor")
        .args({ ...start, resume: "s" })
        .slice(-4),
    ).toEqual(["--resume", "s", "--permission-mode", "acceptEdits"]);
    expect(get("editor").env).toEqual([...get("claude-code").env, "MY_PROXY"]);
    expect(get("editor")).toMatchObject({ stream: "claude", executable: "claude", source: "agents.yaml" });
    expect(get("writer").args(start).join(" ")).toBe(
      "exec --json --skip-git-repo-check --sandbox workspace-write -",
    );
  });
});

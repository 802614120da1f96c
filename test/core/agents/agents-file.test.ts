import { describe, expect, test } from "bun:test";
import { readAgentsFile } from "../../../lib/core/agents/agents-file";

const read = (text: string) =>
  readAgentsFile(new TextEncoder().encode(text), "agents.yaml", ["claude-code", "codex"]);

describe("agents.yaml", () => {
  test("describes agents by their words, prompt, stream and variables", () => {
    const text = `
version: 1
agents:
  aider:
    executable: aider
    args: [--yes, --message-file, "{prompt_file}"]
    prompt: file
    stream: text
    env: [OPENAI_API_KEY]
    model_args: [--model, "{}"]
  careful:
    extends: claude-code
    args: [--permission-mode, acceptEdits]
`;
    const file = read(text);
    expect(file.ok && Object.keys(file.value.agents ?? {})).toEqual(["aider", "careful"]);
  });

  test("of a workspace allows nothing: only the user's own does", () => {
    const text = `allow_env:\n  - {agent: a, env: [K], digest: "${"0".repeat(32)}"}\n`;
    expect(read(text)).toMatchObject({ ok: true, value: { allow_env: [{ agent: "a" }] } });
    const bytes = new TextEncoder().encode(text);
    expect(readAgentsFile(bytes, "agents.yaml", [], false)).toMatchObject({
      failure: { code: "agents.invalid", where: "allow_env", place: { line: 1, column: 1 } },
    });
  });

  test.each([
    ["a misspelt key of what is allowed", "allow_env:\n  - {agnt: a}\n", [2, 6], "unknown key", "agent"],
    [
      "a made-up digest",
      "allow_env:\n  - {agent: a, env: [], digest: x}\n",
      [2, undefined],
      "no digest",
      undefined,
    ],
    ["a misspelt key", "agents:\n  a:\n    executible: x\n", [3, 5], "unknown key", "executable"],
    ["a misspelt top", "agent:\n  a: {}\n", [1, 1], "unknown key", "agents"],
    ["a missing executable", "agents:\n  a: {}\n", [2, 3], "needs an executable", undefined],
    ["a built-in name", "agents:\n  codex:\n    executable: x\n", [2, 3], "built in", "extends: codex"],
    [
      "a strange name",
      "agents:\n  'a b':\n    executable: x\n",
      [2, undefined],
      "name of an agent",
      undefined,
    ],
    ["an unknown base", "agents:\n  a:\n    extends: nope\n", [3, 14], "not built in", undefined],
    [
      "a bad stream",
      "agents:\n  a:\n    executable: x\n    stream: yaml\n",
      [4, 13],
      "must be one of",
      undefined,
    ],
    ["a bad variable", "agents:\n  a:\n    executable: x\n    env: [A-B]\n", [4, 11], "no name", undefined],
    [
      "a prompt file nobody reads",
      "agents:\n  a:\n    executable: x\n    prompt: file\n",
      [4, 13],
      "{prompt_file}",
      undefined,
    ],
    [
      "a prompt file by stdin",
      'agents:\n  a:\n    executable: x\n    args: ["{prompt_file}"]\n',
      [4, undefined],
      "prompt: file",
      undefined,
    ],
    [
      "a model without a place",
      "agents:\n  a:\n    executable: x\n    model_args: [--model]\n",
      [4, undefined],
      "{}",
      undefined,
    ],
    ["nothing", "", [undefined, undefined], "", undefined],
  ])("with %s is refused at its place", (_, text, [line, column], said, hint) => {
    const file = read(text);
    if (file.ok) throw new Error("accepted");
    const { failure } = file;
    if (line !== undefined) expect(failure.place?.line).toBe(line);
    if (column !== undefined) expect(failure.place?.column).toBe(column);
    if (said !== "") expect((failure as { problem?: string }).problem).toContain(said);
    if (hint !== undefined) expect((failure as { hint?: string }).hint).toContain(hint);
  });
});

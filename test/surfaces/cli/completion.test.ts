import { afterEach, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { grammar } from "../../../lib/surfaces/cli/grammar";
import { say, sayIn } from "../../rig/fake-shell";
import { seqctlArgv } from "../../rig/seqctl";
import { cleanUp, Workspace } from "../../rig/workspace";

afterEach(cleanUp);

const steps = [
  { id: "build", group_id: "g1" },
  { id: "bench", group_id: "g1" },
  { id: "test", depends_on: ["go"] },
];
const make = () => Workspace.make({ steps, gates: [{ id: "go", name: "Go?", depends_on: ["build"] }] });

async function offered(at: Workspace, ...words: string[]): Promise<string[]> {
  const { out } = await sayIn(at, ["completion", "words", "--", ...words]);
  return out.split("\n").slice(0, -1);
}

describe("completion", () => {
  test("offers every command that help shows, and no other", async () => {
    const at = await make();
    const nouns = new Set(grammar.filter((spec) => !spec.hidden).map((spec) => spec.words.split(" ")[0]));
    expect(new Set(await offered(at, ""))).toEqual(nouns as Set<string>);
    for (const noun of nouns) {
      const verbs = grammar.filter((spec) => !spec.hidden && spec.words.startsWith(`${noun} `));
      if (verbs.length > 0)
        expect(await offered(at, noun as string, "")).toEqual(
          verbs.map((spec) => spec.words.split(" ")[1] as string),
        );
    }
  });

  test.each([
    [["ru"], ["run", "runs"]],
    [["step", "sh"], ["show"]],
    [
      ["step", "edit", "b"],
      ["build", "bench"],
    ],
    [["-C", ".", "--json", "step", "rm", "te"], ["test"]],
    [
      ["why", ""],
      ["build", "bench", "test", "go"],
    ],
    [["gate", "approve", ""], ["go"]],
    [["run", "group", ""], ["g1"]],
    [
      ["group", "parallelize", "build", ""],
      ["bench", "test"],
    ],
    [["step", "edit", "--name", "x y", "te"], ["test"]],
    [["step", "edit", "build", "--depends-on", "go,be"], ["go,bench"]],
    [
      ["step", "add", "new", "--type", "b"],
      ["base", "b"],
    ],
    [["template", "show", "ch"], ["chained"]],
    [
      ["schema", ""],
      ["sequence", "policy"],
    ],
    [["status", "--w"], ["--watch"]],
    [["step", "add", "b"], []],
    [["nonsense", ""], []],
    [["why", "build", ""], []],
  ])("of %j offers %j", async (words, expected) => {
    expect(await offered(await make(), ...words)).toEqual(expected);
  });

  test("without a workspace offers words, and no ids", async () => {
    expect((await say(["completion", "words", "--", "step", "edit", ""])).out).toBe("");
    expect((await say(["completion", "words", "--", "step", "ed"])).out).toBe("edit\n");
  });

  test("works in a real bash", async () => {
    const at = await make();
    at.script("bin/seqctl", `#!/bin/sh\nexec ${(await seqctlArgv()).join(" ")} "$@"\n`);
    const script = `eval "$(seqctl completion bash)"
COMP_WORDS=(seqctl step edit b); COMP_CWORD=3; _seqctl; echo "\${COMPREPLY[*]}"
COMP_WORDS=(seqctl gate ""); COMP_CWORD=2; _seqctl; echo "\${COMPREPLY[*]}"`;
    const env = { ...at.env, PATH: `${at.path("bin")}:${at.env.PATH}` };
    const ran = spawnSync("bash", ["-c", script], { cwd: at.root, env: env as never, encoding: "utf8" });
    expect(ran.stdout.split("\n").slice(0, 2)).toEqual([
      "build bench",
      grammar.flatMap(({ words }) => (words.startsWith("gate ") ? words.slice(5) : [])).join(" "),
    ]);
  });

  test.each(["bash", "zsh", "fish"])("has a script for %s", async (shell) => {
    expect((await say(["completion", shell])).out).toContain("completion words --");
    expect(JSON.parse((await say(["completion", shell, "--json"])).out).shell).toBe(shell);
  });
});

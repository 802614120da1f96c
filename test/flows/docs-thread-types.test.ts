import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { seqctlArgv } from "../rig/seqctl";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(120_000);
afterEach(cleanUp);

const page = fs.readFileSync(join(import.meta.dir, "../../docs/thread-types.md"), "utf8");

/** The examples of a section, in their order. */
function examplesOf(section: string): string[] {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? "";
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block ?? "");
}

/** Types the lines as they stand, with a seqctl on the PATH and every question answered by yes. */
async function type(at: Workspace, lines: string): Promise<{ exit: number; out: string }> {
  const words = (await seqctlArgv()).map((word) => `'${word}'`).join(" ");
  at.script("bin/seqctl", `#!/bin/sh\nexec ${words} --yes "$@"\n`);
  const env = { ...at.env, PATH: `${at.path("bin")}:${at.env.PATH}` };
  const child = Bun.spawn(["sh", "-e"], {
    cwd: at.root,
    env,
    stdin: new TextEncoder().encode(lines),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  await child.exited;
  return { exit: child.exitCode ?? -1, out: `${out}${err}` };
}

test.each<[section: string, says: string[][]]>([
  ["Base", [["hello\n", "done\n"]]],
  ["Parallel (P)", [["lint-1\nlint-2\n"], ["shard 2 of 3\n", "shard-1\nshard-2\nshard-3\n"]]],
  [
    "Chained (C)",
    [
      [
        "ship-plan: first try\n",
        "ship-plan: name the risks\n",
        "waits for a person to decide (sent back once).\n",
        "✓ done  2 of 2 steps\n",
      ],
    ],
  ],
])("the examples of the section %s run as they stand", async (section, says) => {
  const examples = examplesOf(section);
  expect(examples).toHaveLength(says.length);
  for (const [index, example] of examples.entries()) {
    const at = await Workspace.make();
    const { exit, out } = await type(at, example);
    expect([out, exit]).toEqual([out, 0]);
    for (const said of says[index] ?? []) expect(out).toContain(said);
    expect((await at.status()).steps.map((step) => step.status)).not.toContain("FAILED");
  }
});

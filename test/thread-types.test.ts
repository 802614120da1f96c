import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { seqctlArgv } from "./rig/seqctl";
import { cleanUp, Workspace } from "./rig/workspace";

setDefaultTimeout(120_000);
afterEach(cleanUp);

const page = fs.readFileSync(join(import.meta.dir, "..", "docs", "thread-types.md"), "utf8");

/** The YAML blocks of a section of docs/thread-types.md. */
function examples(heading: string): string[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(heading)) ?? "";
  return [...section.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text]) => text ?? "");
}

/** A workspace with an example in it, where `seqctl` is on the PATH. */
async function withExample([sequence, policy]: string[]): Promise<{ at: Workspace; env: object }> {
  const at = await Workspace.make();
  at.write(".threados/sequence.yaml", sequence ?? "");
  if (policy) at.write(".threados/policy.yaml", policy);
  const argv = (await seqctlArgv()).map((word) => `'${word}'`).join(" ");
  fs.mkdirSync(join(at.home, "bin"));
  fs.writeFileSync(join(at.home, "bin", "seqctl"), `#!/bin/sh\nexec ${argv} "$@"\n`, { mode: 0o755 });
  return { at, env: { PATH: `${join(at.home, "bin")}:${at.env.PATH}` } };
}

test("the B-thread of docs/thread-types.md runs as it is told there", async () => {
  const { at, env } = await withExample(examples("B:"));
  expect((await at.seqctl(["run", "--yes"], { env })).exit).toBe(0);
  expect(await at.standing()).toEqual({
    lead: "DONE 1",
    spare: "SKIPPED not_called",
    report: "DONE 1",
    one: "DONE 1",
    two: "DONE 1",
    three: "DONE 1",
  });
  expect(at.read(`${at.attempt("three")}/stdout.log`)).toBe("a part\n");
});

test("the L-thread of docs/thread-types.md runs as it is told there", async () => {
  const { at, env } = await withExample(examples("L:"));
  expect((await at.seqctl(["run", "--yes"], { env })).exit).toBe(0);
  expect(await at.standing()).toEqual({ night: "DONE 2", "night-watchdog": "DONE 1" });
});

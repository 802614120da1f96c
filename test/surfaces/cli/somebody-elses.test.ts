import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { asNobody, canBecomeNobody } from "../../rig/nobody";
import { seqctlArgv } from "../../rig/seqctl";
import { cleanUp, onlyDocument, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

/** A workspace with a run in it, made by somebody else; and what that user's neighbour is answered there. */
async function somebodyElses() {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["echo", "said"] }] });
  await at.seqctl(["run", "--yes"]);
  fs.chmodSync(at.home, 0o755);
  const ask = async (args: string[]) => {
    const words = [...asNobody, ...(await seqctlArgv()), ...args, "--json"];
    const asked = Bun.spawn(words, {
      cwd: at.root,
      env: { ...at.env, XDG_RUNTIME_DIR: "" },
      stdin: "ignore",
    });
    const doc = onlyDocument(await new Response(asked.stdout).text());
    return { exit: await asked.exited, doc };
  };
  return { at, ask };
}

describe.skipIf(!canBecomeNobody)("a workspace of another user (skipped where one is not root)", () => {
  test("can be looked at, and not changed", async () => {
    const { at, ask } = await somebodyElses();
    expect(await ask(["status"])).toMatchObject({ exit: 0, doc: { steps: [{ id: "a", status: "DONE" }] } });
    expect(await ask(["logs", "a"])).toMatchObject({ exit: 0, doc: { text: "said\n" } });
    const before = [at.definition, at.audit().length];
    expect(await ask(["step", "add", "b"])).toMatchObject({ exit: 1, doc: { code: "io.failed" } });
    expect([at.definition, at.audit().length]).toEqual(before);
  });

  test("that may not be read says which file, and is no bug", async () => {
    const { at, ask } = await somebodyElses();
    fs.chmodSync(at.path(`.threados/runs/${at.runs().at(-1)}/events.jsonl`), 0o600);
    const { exit, doc } = await ask(["status"]);
    expect({ exit, doc }).toMatchObject({ exit: 1, doc: { code: "io.failed" } });
    expect((doc as { error: { message: string } }).error.message).toContain(
      "events.jsonl: open failed (EACCES)",
    );
  });
});

import { afterEach, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { unified } from "../../../lib/io/chat/unified";
import { converse } from "../../../lib/surfaces/cli/chat";
import { painter } from "../../../lib/surfaces/cli/paint";
import type { Shell } from "../../../lib/surfaces/cli/shell";
import { chatOf } from "../../rig/chat";
import { cleanUp, Workspace } from "../../rig/workspace";

afterEach(cleanUp);

/** Asks for something that POWER applies at once, while another hand changes the file between trying it and doing it. */
async function overtaken(json: boolean) {
  const at = await Workspace.make({ steps: [{ id: "build", command: ["true"] }], rules: { mode: "POWER" } });
  const path = join(at.root, ".threados", "sequence.yaml");
  const { chat, threados } = await chatOf(at, undefined, {
    unified: async (...texts) => {
      fs.appendFileSync(path, "# mine\n");
      return unified(...texts);
    },
  });
  const said = { out: "", err: "" };
  const say = (where: "out" | "err") => (text: string) => {
    said[where] += text;
  };
  const shell = { env: {}, canAsk: false, out: say("out"), err: say("err") } as unknown as Shell;
  const answering = { shell, json, yes: false, dir: at.root, paint: painter(false, {}) };
  const opened = { ...threados, chat: async () => chat };
  const exit = await converse(answering, opened, "set the timeout of build to 5 minutes", undefined);
  return { at, exit, ...said };
}

test("what is refused after all, where it would be applied at once, is told so and is no success", async () => {
  const { at, exit, out, err } = await overtaken(false);
  expect(exit).toBe(5);
  expect(out).not.toContain("applied");
  expect(err).toContain("error the sequence has changed since proposal");
  expect(err).toContain("hint look at proposal");
  expect(at.definition).not.toContain("timeout_ms");
});

test("with --json it is the document's error, and nothing counts as applied", async () => {
  const { exit, out, err } = await overtaken(true);
  expect([exit, err]).toEqual([5, ""]);
  expect(JSON.parse(out)).toMatchObject({ applied: null, error: { code: "chat.moved" } });
});

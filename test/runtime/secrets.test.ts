import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { until } from "../rig/deadline";
import { opened, sayIn } from "../rig/fake-shell";
import { Held } from "../rig/held";
import { cleanUp, type Doc, Workspace } from "../rig/workspace";
import { openServer } from "../surfaces/http/harness";

setDefaultTimeout(120_000);

const value = "v4lue-of-the-t0ken";
const named = "RIG_TEST_TOKEN";
process.env[named] = value;
afterEach(cleanUp);

const seen = (text: string) => {
  for (let from = 0; from + 6 <= value.length; from++)
    if (text.includes(value.slice(from, from + 6))) return value.slice(from, from + 6);
  return undefined;
};

test("a secret that a step prints in two writes, cut at any byte, is seen by nobody who follows it", async () => {
  const at = await Workspace.make({ steps: [] });
  const held = new Held(at);
  await at.seqctl(["step", "add", "a", "--command", JSON.stringify(held.command("a"))]);
  expect((await at.seqctl(["run", "--yes", "--detach"])).exit).toBe(0);
  await held.hasBegun("a");
  const server = await openServer({ workspace: await opened(at) });
  const terminal = sayIn(at, ["logs", "a", "-f"]);
  const path = at.path(`${at.attempt("a")}/stdout.log`);
  let [from, shown] = [0, ""];
  const look = async () => {
    const doc = (await (await server.get(`/api/logs?id=a&from=${from}`)).json()) as Doc;
    from += doc.bytes;
    shown += doc.text;
  };
  for (let cut = 1; cut < value.length; cut++) {
    fs.appendFileSync(path, `${cut} ${value.slice(0, cut)}`);
    await look();
    fs.appendFileSync(path, `${value.slice(cut)} after\n`);
    await look();
  }
  fs.appendFileSync(path, "the end");
  await look();
  expect(shown).toEndWith("••• after\nthe ");
  await held.release("a");
  await until("the end of the step", async () => (await at.standing()).a === "DONE 1");
  await look();
  const { out } = await terminal;
  const whole = Array.from({ length: value.length - 1 }, (_, index) => `${index + 1} ••• after\n`).join("");
  expect(shown).toBe(`${whole}the end`);
  expect(out).toBe(`${whole}the end`);
  for (let start = 0; start < 60; start++) {
    const part = (await (await server.get(`/api/logs?id=a&from=${start}&limit=9`)).json()) as Doc;
    expect(seen(part.text)).toBeUndefined();
  }
  await server.close();
});

test("what a step hands on is scrubbed in the facts that surfaces show", async () => {
  const at = await Workspace.make({
    steps: [
      {
        id: "a",
        command: [
          "sh",
          "-c",
          `echo '{"note":"${value}","password":"x1"}' > $THREADOS_OUTPUT_DIR/output.json`,
        ],
        outputs: { schema: { type: "object" } },
      },
    ],
  });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
  const { query } = await opened(at);
  const events = await query("events", {});
  expect(events).toMatchObject({ ok: true });
  const text = JSON.stringify(events);
  expect(text).toContain('"outputs":{"note":"•••","password":"•••"}');
  expect(seen(text)).toBeUndefined();
});

test("nothing that a call says of a secret reaches the audit log", async () => {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
  const { dispatch } = await opened(at);
  const caller = { actor: "user", surface: "cli" } as const;
  for (const description of [value, `see ${value}.`, `token=${value}`, `x${value}y`, `"${value}"`]) {
    const done = await dispatch({ action: "step.edit", input: { id: "a", description } }, caller);
    expect(done.ok).toBe(true);
    await dispatch({ action: `no.${value}`, input: { [value]: description } }, caller);
    await dispatch({ action: "step.edit", input: { id: value, description } }, caller);
  }
  expect(at.audit().length).toBe(16);
  expect(seen(at.read(".threados/audit.log"))).toBeUndefined();
});

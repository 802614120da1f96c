import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { queryFor } from "../../../lib/runtime/shown-text";
import { opened } from "../../rig/fake-shell";
import { cleanUp, Workspace } from "../../rig/workspace";
import { agentIn } from "./client";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const secret = "hunter2-of-production";
const definition = `# The one that deploys.
version: 1
name: deploying
steps:
  - id: a
    command: [deploy, --verbose]
    env:
      MODE: test
      DB_PASSWORD: ${secret}
`;

async function deploying(): Promise<Workspace> {
  const at = await Workspace.make();
  at.write(".threados/sequence.yaml", definition);
  return at;
}

const masked = definition.replace(secret, "•••");

test("an agent is told the definition without its secrets, as text, as data and as a resource", async () => {
  const at = await deploying();
  const { call, client } = await agentIn(at);
  const { body } = await call("sequence");
  expect(body.text).toBe(masked);
  expect(body.sequence.steps[0].env).toEqual({ MODE: "test", DB_PASSWORD: "•••" });
  expect((await call("sequence_text")).body.text).toBe(masked);
  const { contents } = await client.readResource({ uri: "threados://sequence" });
  expect(contents).toMatchObject([{ text: masked }]);
  // Also where it can't be read: then nothing tells what its values are but their names.
  at.write(".threados/sequence.yaml", `${definition}  broken: [\n`);
  expect(JSON.stringify((await call("sequence_text")).body)).not.toContain(secret);
});

test("what an agent sends back of that never takes a secret's place: the line is named", async () => {
  const at = await deploying();
  const { call } = await agentIn(at);
  const { revision } = (await call("sequence")).body;
  const text = masked.replace("MODE: test", "MODE: live");
  for (const dry_run of [true, false]) {
    const said = await call("sequence_write", { text, base: revision, dry_run });
    expect(said.isError).toBe(true);
    expect(said.text).toContain("line 9: '•••' only stands for a secret that is not shown");
  }
  expect((await call("inbox")).body.proposals).toEqual([]);
  expect(at.definition).toBe(definition);
});

test("what runs inside a step is told none, the person beside it all", async () => {
  const at = await deploying();
  const { ports } = await opened(at);
  for (const view of ["sequence", "sequence.text"]) {
    const inside = await queryFor({ ...ports, enclosingStep: () => "a" }, view, {}, false);
    expect(inside).toMatchObject({ ok: true, value: { text: masked } });
    expect(JSON.stringify(inside)).not.toContain(secret);
    expect(await queryFor(ports, view, {}, false)).toMatchObject({ ok: true, value: { text: definition } });
  }
});

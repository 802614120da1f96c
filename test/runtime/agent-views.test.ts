// An agent may ask all there is to ask; a secret that stands in a file in clear is in none of the answers.
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { views } from "../../lib/core/views/view";
import { opened } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const secret = `ghp_${"a1B2".repeat(9)}`;
const inputs = [
  {},
  { id: "a" },
  { id: "g" },
  { step: "a" },
  { step: "a", name: "stdout.log" },
  { id: "a", stream: "stdout" },
];

test("no view tells an agent a secret of the definition", async () => {
  const at = await Workspace.make({
    steps: [
      { id: "a", command: ["sh", "-c", 'echo "$FOO"'], env: { FOO: secret } },
      { id: "b", command: ["true"], env: { FOO: secret }, depends_on: ["g"] },
    ],
    gates: [{ id: "g", name: "Look", depends_on: ["a"], shows: ["a"] }],
  });
  await at.seqctl(["run", "--yes"]);
  expect(at.read(".threados/sequence.yaml")).toContain(secret);
  const threados = await opened(at);
  const answered = new Set<string>();
  for (const { name } of views)
    for (const input of inputs) {
      const answer = await threados.query(name, input, true);
      if (!answer.ok) continue;
      answered.add(name);
      expect([name, JSON.stringify(answer.value).includes(secret)]).toEqual([name, false]);
    }
  for (const name of [
    "runs.replay",
    "sequence",
    "sequence.text",
    "step",
    "status",
    "gate.show",
    "logs",
    "inbox",
  ])
    expect([...answered]).toContain(name);
});

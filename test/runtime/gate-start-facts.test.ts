// What a person approves is told whole: also where a step is started, how often, and with what.
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { person, refused } from "../rig/chat";
import { opened } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const inner = `version: 1
name: release
params:
  target: { type: string, required: true }
steps:
  - { id: push, command: ["true"] }
`;

async function make() {
  const at = await Workspace.make();
  const behind = (id: string, more: object) => ({ id, command: ["true"], depends_on: ["g"], ...more });
  const steps = [
    behind("apart", { isolation: "worktree", worktree: { setup: ["npm", "ci"] } }),
    behind("boxed", { sandbox: "required" }),
    behind("online", { sandbox: "required", network: true }),
    behind("many", { fanout: 3 }),
    behind("one", { type: "f" }),
    behind("two", { type: "f" }),
    { ...behind("joined", { type: "f", fusion_synth: true }), fusion_candidates: ["one", "two"] },
    { id: "rel", sequence: "release.yaml", with: { target: "'prod'" }, depends_on: ["g"] },
  ];
  const gates = [{ id: "g", name: "Go on?" }];
  at.write(".threados/release.yaml", inner);
  at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "rig", steps, gates }));
  expect((await at.seqctl(["run", "--yes", "--detach"])).exit).toBe(0);
  return at;
}

const facts = [
  { step: "apart (setup)", command: ["npm", "ci"], isolation: "worktree" },
  { step: "apart", isolation: "worktree" },
  { step: "boxed", sandbox: "required", network: false },
  { step: "online", sandbox: "required", network: true },
  { step: "many", fan: 3 },
  { step: "one" },
  { step: "two" },
  { step: "joined", candidates: ["one", "two"] },
  { step: "rel-push", inside: [{ step: "rel", with: { target: "'prod'" } }] },
];

const lines = [
  'apart: ["true"]; in its own worktree; read only',
  'boxed: ["true"]; sandboxed, network off; read only',
  'online: ["true"]; sandboxed, with the network; read only',
  'many: ["true"]; 3 instances side by side; read only',
  'joined: ["true"]; joins 2 candidates (one, two); read only',
  `rel-push: ["true"]; inside rel: with target='prod'; read only`,
];

test("worktree, sandbox, instances, candidates and what a sub-sequence is given are told with what starts on an approval", async () => {
  const at = await make();
  const { doc } = await at.json(["gate", "show", "g"]);
  expect(doc.starts).toMatchObject(facts);
  expect((await at.json(["inbox"])).doc.gates[0].starts).toEqual(doc.starts);
  const [shown, inbox, dry] = await Promise.all(
    [["gate", "show", "g"], ["inbox"], ["gate", "approve", "g", "--dry-run"]].map(
      async (line) => (await at.seqctl(line)).out,
    ),
  );
  for (const line of lines) {
    expect(shown).toContain(`\n  ${line}\n`);
    expect(inbox).toContain(`approving 'g' starts ${line}\n`);
    expect(dry).toContain(line.split("; ")[1] ?? "");
  }
  const threados = await opened(at);
  const asked = refused(await threados.dispatch({ action: "gate.approve", input: { id: "g" } }, person));
  if (asked.code !== "confirm.required") throw new Error(asked.code);
  expect(asked.about?.starts).toEqual(doc.starts);
  expect(asked.shows).toEqual(expect.arrayContaining(lines.map((line) => `starts then: ${line}`)));
});

test.each([
  ["what a sub-sequence is given", "sequence.yaml", "'prod'", "'test'"],
  ["how many of it start", "sequence.yaml", '"fanout":3', '"fanout":30'],
  ["whether all are confined", "policy.yaml", "", "sandbox: required\n"],
])("a yes is said to it: %s changes, and it has to be said anew", async (_what, file, words, others) => {
  const at = await make();
  const before = (await at.json(["gate", "show", "g"])).doc;
  const text = at.read(`.threados/${file}`);
  at.write(
    `.threados/${file}`,
    words === "" ? text.replace(/^sandbox: off\n/m, "") + others : text.replace(words, others),
  );
  const moved = await at.json(["gate", "approve", "g", "--digest", before.confirm]);
  expect(moved).toMatchObject({ exit: 5, doc: { code: "gate.moved" } });
});

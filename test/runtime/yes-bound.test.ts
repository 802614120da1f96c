// A yes given beforehand counts for all that stood beside the question, not for the words of the commands alone.
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { person, refused } from "../rig/chat";
import { opened } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const agent = { actor: "agent:a", surface: "cli" } as const;
const rerun = { action: "step.rerun", input: { id: "b" } };

const steps = (around: object, more: object[] = []) => [{ id: "b", command: ["true"], ...around }, ...more];
const write = (at: Workspace, around: object, more: object[] = [], gates: object[] = []) =>
  at.write(
    ".threados/sequence.yaml",
    JSON.stringify({ version: 1, name: "rig", steps: steps(around, more), gates }),
  );

const moves: [string, object, object, string[]][] = [
  ["a sandbox less", { sandbox: "required" }, {}, ["no longer: b: sandboxed, network off"]],
  [
    "the network in its sandbox",
    { sandbox: "required" },
    { sandbox: "required", network: true },
    ["no longer: b: sandboxed, network off", "now: b: sandboxed, with the network"],
  ],
  ["another number of instances", {}, { fanout: 3 }, ["now: b: 3 instances side by side"]],
  ["a worktree of its own", {}, { isolation: "worktree" }, ["now: b: in its own worktree"]],
];

test.each(moves)("a proposal to run is another one with %s", async (_, before, after, changed) => {
  const at = await Workspace.make({ steps: [] });
  write(at, before);
  const run = { action: "run.start", input: { scope: "step", id: "b" } };
  refused(await (await opened(at)).dispatch(run as never, agent));
  const [waiting] = (await at.json(["inbox"])).doc.proposals;
  expect(waiting).toMatchObject({ state: "ready", changed: [] });
  write(at, after);
  const { doc } = await at.json(["inbox"]);
  expect(doc.proposals).toMatchObject([{ state: "moved", changed }]);
  const yes = { action: "proposal.approve", input: { id: waiting.id } };
  const { code } = refused(
    await (await opened(at)).dispatch(yes as never, person, { confirm: waiting.confirm }),
  );
  expect(code).toBe("proposal.moved");
});

const plain = "version: 1\nmode: SAFE\n";
const boxed = `${plain}sandbox: required\n`;

test.each([
  ["asks for no sandbox any more", boxed, plain],
  ["asks for one", plain, boxed],
])("a yes to a question counts no more once policy.yaml %s", async (_, before, after) => {
  const at = await Workspace.make({ steps: [] });
  write(at, {});
  expect((await at.seqctl(["run", "step", "b", "--yes"])).exit).toBe(0);
  const ask = async (confirm?: string) => {
    const threados = await opened(at);
    return refused(await threados.dispatch(rerun as never, person, confirm === undefined ? {} : { confirm }));
  };
  at.write(".threados/policy.yaml", before);
  const asked = await ask();
  if (asked.code !== "confirm.required") throw new Error(asked.code);
  at.write(".threados/policy.yaml", after);
  expect((await ask(asked.confirm)).code).toBe("confirm.stale");
});

test("a proposal is another one once what goes on by itself waits for a gate, or no more, however many go on", async () => {
  const many = Array.from({ length: 14 }, (_, n) => ({
    id: `s${n + 1}`,
    command: ["true"],
    depends_on: ["b"],
  }));
  const at = await Workspace.make({ steps: [] });
  const failing = { command: ["false"] };
  write(at, failing, many);
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
  refused(await (await opened(at)).dispatch(rerun as never, agent));
  const inbox = async () => (await at.json(["inbox"])).doc.proposals;
  const [waiting] = await inbox();
  expect(waiting).toMatchObject({ state: "ready" });
  expect(waiting.lines.at(-1)).toEndWith("s12 and 2 more");
  const gates = [{ id: "g", name: "Go on?" }];
  write(at, failing, [...many.slice(0, 13), { ...many[13], depends_on: ["b", "g"] }], gates);
  const changed = ["no longer: goes on then: s14", "now: goes on then: s14 (behind gate g)"];
  expect(await inbox()).toMatchObject([{ state: "moved", changed }]);
});

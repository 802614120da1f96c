import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { chatOf, exchange, person, proposing, refused, scripted } from "../rig/chat";
import { changes, gitIn, makeRepository } from "../rig/repository";
import { value } from "../rig/sequence";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);

const cache = process.env.XDG_CACHE_HOME;
afterEach(async () => {
  if (cache === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = cache;
  await cleanUp();
});

/** A repository in which two candidates have each changed the same line in their own worktree, and a third step needs its own no more. */
async function fused(): Promise<Workspace> {
  const edit = (to: string) => ({
    type: "f" as const,
    isolation: "worktree" as const,
    command: ["sh", "-c", `echo ${to} > f.txt`],
  });
  const at = await Workspace.make({
    steps: [
      { id: "a", ...edit("A") },
      { id: "b", ...edit("B") },
      { id: "join", command: ["true"], fusion_synth: true, fusion_candidates: ["a", "b"] },
      { id: "alone", isolation: "worktree", command: ["true"] },
    ],
  });
  // The chat answers in this process, and looks for worktrees where the workspace's engine makes them.
  process.env.XDG_CACHE_HOME = at.env.XDG_CACHE_HOME as string;
  makeRepository(at, { "f.txt": "one\n" });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
  return at;
}

const answering = (action: string, input: Record<string, unknown>) =>
  scripted([[proposing({ action, input })]]);

test("a fusion's candidate that the chat proposes is brought in once a person has agreed to its very patch", async () => {
  const at = await fused();
  const { chat } = await chatOf(at, answering("fusion.pick", { candidate: "b" }));
  const said = await exchange(chat, "take b");
  expect(said.last("actions").calls).toMatchObject([{ action: "fusion.pick", risk: "run" }]);
  expect(said.last("diff")).toMatchObject({ unified: "", verdict: { ask: 1 } });
  expect(said.last("done").applied).toBeNull();
  const { proposal } = said.last("actions");
  const question = refused(await chat.apply({ proposal }, person, {}));
  expect(question).toMatchObject({ code: "confirm.required", confirm: said.last("diff").confirm });
  expect(JSON.stringify(question)).toContain("b: f.txt");
  expect([at.read("f.txt"), changes(at)]).toEqual(["one\n", []]);
  value(await chat.apply({ proposal }, person, { confirm: said.last("diff").confirm }));
  expect(at.read("f.txt")).toBe("B\n");
  expect((await at.json(["fusion", "compare", "join"])).doc.picked).toBe("b");
  expect(refused(await chat.apply({ proposal }, person, {})).code).toBe("proposal.decided");
});

test("a pick that no longer fits what a person did meanwhile changes nothing", async () => {
  const at = await fused();
  const { chat } = await chatOf(at, answering("fusion.pick", { candidate: "b" }));
  const said = await exchange(chat, "take b");
  at.write("f.txt", "mine\n");
  gitIn(at, "commit", "-qam", "mine");
  const { proposal } = said.last("actions");
  const answer = refused(await chat.apply({ proposal }, person, { confirm: said.last("diff").confirm }));
  expect(answer.code).toBe("fusion.conflict");
  expect([at.read("f.txt"), changes(at)]).toEqual(["mine\n", []]);
});

test.each([
  ["SAFE", 1],
  ["POWER", 0],
])(
  "worktrees that nothing needs go when the chat is asked to tidy up, those of the fusion stay (%s)",
  async (mode, ask) => {
    const at = await fused();
    at.write(".threados/policy.yaml", `version: 1\nmode: ${mode}\n`);
    const { chat } = await chatOf(at, answering("worktree.gc", {}));
    const said = await exchange(chat, "tidy up the worktrees");
    expect(said.last("diff").verdict.ask).toBe(ask);
    const states = async () =>
      (await at.json(["worktree", "list"])).doc.worktrees.map(({ step }: { step: string }) => step).sort();
    if (ask > 0) {
      expect(await states()).toEqual(["a", "alone", "b"]);
      const { proposal } = said.last("actions");
      value(await chat.apply({ proposal }, person, { confirm: said.last("diff").confirm }));
    }
    expect(await states()).toEqual(["a", "b"]);
    const again = await exchange(chat, "once more");
    expect(again.last("actions")).toMatchObject({
      proposal: null,
      failed: {
        message:
          "0 of 2 worktrees; a, b stay: no candidate of its fusion has been picked; `--all` removes what is kept, too",
      },
    });
  },
);

import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { findAction } from "../../lib/core/actions";
import { isPersonal } from "../../lib/core/chat/tools";
import { chatOf, exchange, person, proposing, refused, scripted } from "../rig/chat";
import { opened } from "../rig/fake-shell";
import { cleanUp, type Doc, Workspace } from "../rig/workspace";
import { asRequest, type Call, calls } from "./every-action";
import { openServer } from "./http/harness";

setDefaultTimeout(180_000);
afterEach(cleanUp);

const making = {
  steps: [
    { id: "a", command: ["true"] },
    { id: "b", command: ["true"] },
    { id: "long", command: ["sleep", "600"] },
  ],
  gates: [{ id: "g", name: "G", depends_on: ["a"] }],
};

/** How often a person is asked about what the chat proposes, in SAFE and in POWER; `never` where it proposes no such thing. */
const asked: Record<string, [safe: number, power: number] | "never"> = {
  // Here the new text leaves a step out, which is asked about like its removal.
  "sequence.write": [2, 2],
  "sequence.edit": [1, 0],
  "step.add": [1, 0],
  "step.edit": [1, 0],
  "step.clone": [1, 0],
  "dep.add": [1, 0],
  "dep.rm": [1, 0],
  "gate.insert": [1, 0],
  "gate.edit": [1, 0],
  "sequence.change": [1, 0],
  "gate.rm": [2, 2],
  "group.parallelize": [1, 0],
  "fusion.create": [1, 0],
  "template.apply": [1, 0],
  "prompt.edit": [1, 1],
  "sequence.undo": [1, 0],
  "sequence.redo": [1, 0],
  "step.rm": [2, 2],
  "run.start": [1, 1],
  "step.restart": [1, 1],
  "step.rerun": [1, 1],
  "gate.approve": "never",
  "gate.block": [2, 2],
  "gate.reject": [2, 2],
  "run.stop": [2, 2],
  "run.cancel": [2, 2],
  "proposal.approve": "never",
  "proposal.reject": "never",
  // To the other mode: POWER is asked about twice, SAFE may come at once.
  "policy.mode": [2, 0],
  "policy.sandbox": [2, 2],
};

/** What makes a call possible that is refused where every call is only tried: a proposal that can't be carried out is none. */
const possible: Record<string, { before: string[][]; input?: Doc }> = {
  "gate.rm": { before: [["dep", "rm", "d", "h"]] },
  "fusion.create": {
    before: [
      ["step", "add", "e", "--type", "f"],
      ["step", "add", "k", "--type", "f"],
      ["step", "add", "f"],
    ],
    input: { candidates: ["e", "k"], synth: "f" },
  },
  // Rewriting the whole text has taken it out.
  "run.stop": {
    before: [
      ["step", "add", "long", "--command", '["sleep","600"]'],
      ["run", "step", "long", "--detach"],
    ],
    input: { id: "long" },
  },
  "policy.sandbox": { before: [["policy", "sandbox", "required"]] },
};

/** What of a workspace a call could have changed, the record of calls left out. */
const standing = (at: Workspace) => ({
  files: ["sequence.yaml", "policy.yaml"].map((name) => at.read(`.threados/${name}`)),
  prompt: fs.existsSync(at.path(".threados/prompts/c.md")) ? at.read(".threados/prompts/c.md") : null,
  asked: at.facts().filter(({ type }) => type.endsWith(".requested")).length,
});

describe.each(["SAFE", "POWER"] as const)("in %s, what a model proposes over the chat,", (mode) => {
  test("call by call of every action, waits for a person as often as it is to be asked about", async () => {
    const at = await Workspace.make({ ...making, rules: { mode } });
    // Something has to have run before it can be restarted, stopped or canceled.
    await at.seqctl(["run", "step", "b", "--yes"]);
    const seen: Record<string, unknown> = {};
    for (const call of calls) {
      const { action, argv } = call;
      const { before: first = [], input = call.input } =
        action === "policy.mode"
          ? { input: { mode: mode === "SAFE" ? "POWER" : "SAFE" } }
          : (possible[action] ?? {});
      for (const line of first) await at.seqctl([...line, "--yes"]);
      const action_ = findAction(action);
      const { chat } = await chatOf(at, scripted([[proposing({ action, input })]]));
      const before = standing(at);
      const entries = at.audit().length;
      const said = await exchange(chat, "do it");
      const { proposal } = said.last("actions") ?? { proposal: null };
      const added = at
        .audit()
        .slice(entries)
        .filter(({ surface }) => surface !== "engine");
      if (action_ && isPersonal(action_)) {
        expect([action, proposal, said.last("actions").failed.message]).toEqual([
          action,
          null,
          expect.stringContaining("a person's own decision"),
        ]);
        seen[action] = "never";
      } else if (proposal !== null) {
        const { ask } = said.last("diff").verdict;
        seen[action] = ask;
        expect(added[0]).toMatchObject({ action: "chat.propose", actor: "chat", result: "pending" });
        if (ask === 0) {
          expect(added).toMatchObject([{}, { action: "proposal.approve", result: "success" }]);
          continue;
        } else {
          expect([action, added.length, said.last("done").applied, standing(at)]).toEqual([
            action,
            1,
            null,
            before,
          ]);
          const question = refused(await chat.apply({ proposal }, person, {}));
          expect(question).toMatchObject({ code: "confirm.required", times: ask });
          expect(standing(at)).toEqual(before);
        }
      }
      // So that the next call finds what it is about; in the foreground, so that it has ended.
      await at.seqctl([...argv.filter((word) => word !== "--detach"), "--yes"]);
    }
    const wanted = Object.entries(asked).map(([name, often]) => [
      name,
      often === "never" ? often : often[mode === "SAFE" ? 0 : 1],
    ]);
    for (const [name, often] of wanted) expect([name, seen[name as string]]).toEqual([name, often]);
    // Of these two there is nothing to do here; see the fusion and the worktrees.
    const others = calls.map(({ action }) => action).filter((action) => !(action in asked));
    expect(others).toEqual(["fusion.pick", "worktree.gc"]);
  });
});

test("nobody without a token gets any call through, and nothing of it is recorded", async () => {
  const at = await Workspace.make(making);
  const server = await openServer({ workspace: await opened(at) });
  const before = at.read(".threados/audit.log");
  const chats: [string, Doc][] = [
    ["/api/chat", { message: "run all" }],
    ["/api/chat/apply", { proposal: "01" }],
  ];
  for (const [path, body] of [...calls.map((call: Call) => asRequest(call)), ...chats])
    for (const authorization of ["", "Bearer guess", `Bearer tos_${"A".repeat(43)}`]) {
      const answer = await server.post(path, body, { authorization });
      expect([path, [401, 429].includes(answer.status)]).toEqual([path, true]);
    }
  expect(at.read(".threados/audit.log")).toBe(before);
  await server.close();
});

// What a person is told of a run before it begins: what starts, and what only once a gate is approved.
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import type { Failure } from "../../lib/core/failure";
import { chatOf, exchange, person, proposing, refused, scripted, text } from "../rig/chat";
import { opened } from "../rig/fake-shell";
import { Held } from "../rig/held";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

/** `types` runs, `unit` failed, `ship` stands behind a gate, and another gate has nothing to do with either. */
async function underWay() {
  const at = await Workspace.make();
  const held = new Held(at);
  at.write(
    ".threados/sequence.yaml",
    JSON.stringify({
      version: 1,
      name: "starts",
      steps: [
        { id: "types", command: held.command("types") },
        { id: "unit", command: ["false"] },
        { id: "ship", command: ["true"], depends_on: ["review"] },
        { id: "docs", command: ["true"] },
        { id: "publish", command: ["true"], depends_on: ["word"] },
      ],
      gates: [
        { id: "review", name: "Review", depends_on: ["unit", "types"] },
        { id: "word", name: "Word", depends_on: ["docs"] },
      ],
    }),
  );
  expect((await at.seqctl(["run", "step", "unit", "--yes"])).exit).toBe(1);
  await at.seqctl(["run", "step", "docs", "--yes"]);
  await at.seqctl(["run", "step", "types", "--yes", "--detach"]);
  await held.hasBegun("types");
  return { at, held };
}

const startsIn = (failure: Failure) =>
  failure.code === "confirm.required"
    ? failure.about?.starts.map(({ step, gates }) => ({ step, gates }))
    : undefined;
const unit = { step: "unit", gates: [] };
const ship = { step: "ship", gates: ["review"] };
const publish = { step: "publish", gates: ["word"] };

test("the window leaves out what is under way, and tells what comes later behind which gates", async () => {
  const { at, held } = await underWay();
  const threados = await opened(at);
  const all = { action: "run.start", input: { scope: "all" } };
  const asked = refused(await threados.dispatch(all, person));
  expect(startsIn(asked)).toEqual([unit, ship, publish]);
  expect(asked).toMatchObject({ summary: "run the sequence (3 steps: unit, ship, publish)" });
  await held.release("types");
});

test("a step that two calls ask for stands there once, and a card counts only the gates on its way", async () => {
  const { at, held } = await underWay();
  const model = scripted([[proposing({ action: "step.rerun", input: { id: "unit" } })], [text("Done.")]]);
  const { chat } = await chatOf(at, model);
  const said = await exchange(chat, "rerun unit");
  expect(said.last("diff").forecast).toMatchObject({ steps: 1, gates: 0, starts: ["unit"] });
  const { proposal } = said.last("actions");
  const asked = refused(await chat.apply({ proposal, run: true }, person, {}));
  expect(startsIn(asked)).toEqual([unit, ship, publish]);
  await held.release("types");
});

import { expect, test } from "bun:test";
import { doorOf } from "../../../components/chat/doors";
import { understand } from "../../../lib/core/chat/understand";
import { lineReader } from "../../../lib/surfaces/cli/line-reader";
import { worldOf } from "../../core/chat/rig";

const steps = [{ id: "build" }, { id: "deploy", depends_on: ["review"] }];
const gates = [{ id: "review", name: "Look at it", depends_on: ["build"] }];

test("whoever asks the chat for a yes is led to where a person gives it: no button says again what was turned down", async () => {
  const world = worldOf(steps, gates, {}, await lineReader());
  for (const said of ["approve review", "seqctl gate approve review", "seqctl --json gate approve review"]) {
    const read = understand(said, world);
    expect(read).toMatchObject({ kind: "refusal", says: expect.stringMatching(/person's decision/) });
    expect(read.kind === "refusal" && read.try.map((wish) => doorOf(wish, ["review"]))).toEqual([
      { label: "Open the gate review", gate: "review" },
    ]);
  }
  for (const said of [
    "seqctl approve 01HQ3K5V8XJ7Z2M4N6P8R0T2W4",
    "seqctl reject 01HQ3K5V8XJ7Z2M4N6P8R0T2W4",
  ]) {
    const read = understand(said, world);
    expect(read.kind === "refusal" && read.try.map((wish) => doorOf(wish, ["review"]))).toEqual([
      { label: "Open the inbox", gate: null },
    ]);
  }
});

test("everything else is said", () => {
  for (const wish of ["seqctl inbox", "what waits for me", "block review", "seqctl gate block review", "run"])
    expect(doorOf(wish, ["review"])).toBeUndefined();
});

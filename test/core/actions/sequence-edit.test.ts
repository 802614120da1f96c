import { describe, expect, test } from "bun:test";
import type { Sequence } from "../../../lib/core/sequence/schema";
import { edit } from "../rig/acting";

const before: Sequence = {
  version: 1,
  name: "shop",
  metadata: { team: "web" },
  policy: { max_concurrent: 2 },
  params: { target: { type: "string" } },
  steps: [{ id: "a", command: ["true"] }],
};
const after = (input: object) => edit("sequence.edit", before, input);

describe("changing what holds for the whole sequence", () => {
  test.each<[string, object, Partial<Sequence>]>([
    ["its name", { name: "Shop" }, { name: "Shop" }],
    ["its rules, as a whole", { policy: { mode: "SAFE" } }, { policy: { mode: "SAFE" } }],
    [
      "defaults and parameters",
      { defaults: { model: "codex" }, params: { v: { type: "choice", options: ["1"] } } },
      { defaults: { model: "codex" }, params: { v: { type: "choice", options: ["1"] } } },
    ],
    ["nothing", {}, {}],
  ])("%s", (_, input, changed) => {
    expect(after(input)).toEqual({ ok: true, value: { ...before, ...changed } });
  });

  test("keys are taken away by their names, and never the name itself", () => {
    const { metadata: _, params: __, ...left } = before;
    expect(after({ unset: ["metadata", "params"] })).toEqual({ ok: true, value: left });
    expect(() => after({ unset: ["name"] })).toThrow();
  });
});

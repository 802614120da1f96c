import { expect, test } from "bun:test";
import { emptyRun, stepRun } from "../../../lib/core/engine/run";
import { agreement } from "../../../lib/core/views/fusion";

/** A run whose candidates left these patches; null for none. */
function runWith(patches: (string | null)[]) {
  const run = emptyRun("r");
  for (const [index, patch] of patches.entries())
    run.steps.set(`c${index}`, {
      ...stepRun(run, `c${index}`),
      ...(patch === null ? {} : { worktree: { base: "0".repeat(40), patch } }),
    });
  return run;
}

test.each<[(string | null)[], number | null]>([
  [["x", "y", "z"], 0],
  [["x", "y"], 0],
  [["x", "x", "y"], 2 / 3],
  [["x", "y", "x", "y"], 1 / 2],
  [["x", "x", "x"], 1],
  [["x", null, "x"], 1],
  [["x", null, null], null],
  [[null, null], null],
])("candidates that left %j agree by %p", (patches, share) => {
  expect(
    agreement(
      runWith(patches),
      patches.map((_, index) => `c${index}`),
    ),
  ).toBe(share);
});

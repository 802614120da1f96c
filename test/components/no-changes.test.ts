import { expect, test } from "bun:test";
import { whyNoChanges, whyNotPicked } from "../../components/inspector/no-changes";

const done = { status: "DONE", base: null, diff: null };
const inTree = { ...done, base: "4f1c" };
const left = { ...inTree, diff: { files: 1, insertions: 1, deletions: 0, bytes: 9, sha256: "a" } };
const running = { ...done, status: "RUNNING" };

test("candidates that ran without worktrees are told to have no changes, and not to wait for any", () => {
  expect(whyNoChanges([done, done])).toMatch(/there will be none: they ran without worktrees/);
  expect(whyNoChanges([done, running])).toMatch(/no changes to pick yet/);
  expect(whyNoChanges([inTree, { ...inTree, status: "FAILED" }])).toMatch(/none of them came so far/);
  expect(whyNoChanges([done, left])).toBeUndefined();
});

test("what can't be picked says why", () => {
  expect(whyNotPicked(done)).toMatch(/ran without a worktree/);
  expect(whyNotPicked(running)).toMatch(/has not ended/);
  expect(whyNotPicked(inTree)).toMatch(/left none behind/);
  expect(whyNotPicked(left)).toBeUndefined();
});

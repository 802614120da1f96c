import { describe, expect, test } from "bun:test";
import { sayCost, sayCount } from "../../components/state/amount";
import { needsOf } from "../../components/state/notify";
import type { GateState, StatusDocument, StepState } from "../../components/state/wire";
import { faceOf, iconOf } from "../../components/toolbar/favicon";
import { waitingIn } from "../../lib/core/views/waiting";

const step = (id: string, status: string, more: Partial<StepState> = {}) =>
  ({ id, name: id, status, reason: null, why: `'${id}' is ${status}.`, attempt: 1, ...more }) as StepState;
const gate = (id: string, reason: string | null) =>
  ({ id, name: id, status: "PENDING", reason, shows: [], sent_back: 0 }) as unknown as GateState;
const statusOf = (steps: StepState[], gates: GateState[] = []) =>
  ({ run: "r", name: "s", steps, gates }) as unknown as StatusDocument;

describe("an amount", () => {
  test.each([
    [0, "0"],
    [999, "999"],
    [1000, "1.0k"],
    [12_345, "12.3k"],
    [123_456, "123k"],
    [999_499, "999k"],
    [999_500, "1.0M"],
    [4_100_000, "4.1M"],
  ])("of %i is said as %s", (count, said) => expect(sayCount(count)).toBe(said));

  test.each([
    [0.42, 0, "$0.42"],
    [12.3456, 0, "$12.35"],
    [0.0042, 0, "$0.004"],
    [0.42, 2, "$0.42 + 2 unpriced"],
    [0, 3, "no price"],
    [0, 0, "$0"],
  ])("of %d dollars with %i unpriced is said as %s", (cost_usd, unpriced, said) =>
    expect(sayCost({ tokens_in: 1, tokens_out: 1, cost_usd, unpriced })).toBe(said),
  );
});

describe("what waits for a person", () => {
  const status = statusOf(
    [step("a", "DONE"), step("b", "FAILED"), step("c", "BLOCKED")],
    [gate("g", "waiting_human"), gate("h", "waiting_deps")],
  );

  test("are gates that ask and steps that failed", () =>
    expect(waitingIn(status)).toEqual({ gates: ["g"], steps: ["b"] }));

  test("is news again when it fails anew", () => {
    const keys = needsOf(status).map(({ key }) => key);
    const again = needsOf(statusOf([step("b", "FAILED", { attempt: 2 })], status.gates));
    expect(again.map(({ key }) => keys.includes(key))).toEqual([true, false]);
  });
});

describe("the tab's icon", () => {
  test.each([
    ["human", statusOf([step("a", "FAILED"), step("b", "RUNNING")], [gate("g", "waiting_human")])],
    ["failed", statusOf([step("a", "FAILED"), step("b", "RUNNING")])],
    ["running", statusOf([step("a", "DONE"), step("b", "RUNNING")])],
    ["done", statusOf([step("a", "DONE")])],
    ["idle", statusOf([step("a", "READY")])],
    ["idle", statusOf([])],
  ] as const)("says %s", (face, status) => expect(faceOf(status)).toBe(face));

  test("is another drawing for each", () => {
    const faces = ["human", "failed", "running", "done", "idle"] as const;
    expect(new Set(faces.map(iconOf)).size).toBe(faces.length);
    for (const face of faces)
      expect(decodeURIComponent(iconOf(face))).toMatch(/^data:image\/svg\+xml,<svg [^>]+>.*<\/svg>$/);
  });
});

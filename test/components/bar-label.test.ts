import { describe, expect, test } from "bun:test";
import { placeOfLabel } from "../../components/dock/bar-label";

describe("what a bar of the timeline says", () => {
  test.each([
    ["a duration stands in a bar that it fits into", "3.0 s", false, 60, 0, "within"],
    ["a duration is never cut: it stands behind a bar that is too short", "3.0 s", false, 12, 200, "behind"],
    ["a duration is left out where the next bar begins at once", "3.0 s", false, 12, 20, undefined],
    ["why it waits may be cut", "'build' is not done yet", true, 70, 0, "within"],
    [
      "why it waits is left out where nothing could be read of it",
      "'build' is not done yet",
      true,
      20,
      300,
      undefined,
    ],
    ["a short reason needs no more than its own room", "Paused", true, 46, 0, "within"],
  ] as const)("%s", (_name, text, canBeCut, barPx, freePx, place) =>
    expect(placeOfLabel({ text, canBeCut, barPx, freePx })).toBe(place),
  );
});

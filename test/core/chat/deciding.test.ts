import { describe, expect, test } from "bun:test";
import { understand } from "../../../lib/core/chat/understand";
import { callsOf, worldOf } from "./rig";

const world = worldOf(
  [
    { id: "build-the-shop", command: ["true"] },
    { id: "unit", command: ["true"], depends_on: ["build-the-shop"] },
    { id: "deploy", command: ["true"], depends_on: ["ship-it"] },
  ],
  [{ id: "ship-it", name: "Ship it?", depends_on: ["unit"] }],
);

describe("a rejection that sends the work back", () => {
  const missing = { id: "ship-it", reason: "the changelog is missing", back_to: "build-the-shop" };
  const docs = { ...missing, reason: "no docs" };
  test.each<[string, Record<string, unknown>]>([
    ["reject ship it because the changelog is missing and send it back to build", missing],
    [
      "reject ship-it because the changelog is missing, and then send the work back to build-the-shop",
      missing,
    ],
    ["reject ship-it because the changelog is missing, then go back to the step build-the-shop", missing],
    ["reject ship-it and send it back to build-the-shop because the changelog is missing", missing],
    ['reject ship-it because of "no docs" and go back to build-the-shop', docs],
    ['reject ship-it because of "no docs" and return it to build-the-shop', docs],
    ["reject ship-it because of no docs", { id: "ship-it", reason: "no docs" }],
    ['reject ship-it because "it goes back to 1.0"', { id: "ship-it", reason: "it goes back to 1.0" }],
  ])("%s", (said, input) => {
    expect(callsOf(said, world)).toEqual([["gate.reject", input]]);
  });

  test.each([
    ["reject ship-it because the changelog is missing and send it back to nowhere", /There is no step/],
    ["reject ship-it and send it back to build-the-shop", /Say why/],
    ["reject ship-it because we should go back to build-the-shop", /Put the reason in quotes/],
    ["reject ship-it because it is wrong and restart unit", /Put the reason in quotes/],
    ["reject ship-it because it is late and stop deploy", /Put the reason in quotes/],
  ])("is asked about where it is not clear: %s", (said, why) => {
    const read = understand(said, world);
    expect(read.kind).toBe("refusal");
    expect("says" in read ? String(read.says) : "").toMatch(why);
  });
});

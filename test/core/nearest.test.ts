import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { allNearest, nearest, nearestOrAll } from "../../lib/core/nearest";
import { holds } from "./rig/holds";

describe("the nearest known word", () => {
  test.each([
    ["bild", ["build", "test"], "build"],
    ["comand", ["command", "commend"], "command"],
    ["DEPLOY", ["deploy"], "deploy"],
    ["dpeloy", ["deploy"], "deploy"],
    ["buil", ["bundle", "build"], "build"],
  ])("to %s of %j is %s", (word, known, found) => expect(nearest(word, known)).toBe(found));

  test.each([
    ["xyz", ["build"]],
    ["build", []],
    ["", ["build"]],
    ["review", ["build", "test"]],
  ])("to %j of %j is none", (word, known) => expect(nearest(word, known)).toBeUndefined());

  test("is the word itself if it is known, the first of equals otherwise", () => {
    expect(nearest("cat", ["car", "cat"])).toBe("cat");
    expect(nearest("cas", ["car", "cat"])).toBe("car");
  });

  test("is one of the known ones, and a single slip is always forgiven", () => {
    const word = fc.stringMatching(/^[a-z]{3,20}$/);
    holds(
      fc.property(word, fc.array(word), fc.nat(), (meant, others, n) => {
        const at = n % meant.length;
        const slip = meant.slice(0, at) + meant.slice(at + 1);
        const found = nearest(slip, [...others, meant]);
        expect([...others, meant]).toContain(found as string);
      }),
    );
  });

  test("among many thousands that are alike is still the first of the nearest", () => {
    const words = Array.from({ length: 100_000 }, (_, i) => `s-${i}-b`);
    expect(nearest("s-77777-bb", words)).toBe("s-77777-b");
    expect(allNearest("s-7777x-b", words)).toEqual(["s-7777-b", ...words.slice(77_770, 77_780)]);
  });

  test("of very long words is looked for in their beginnings only", () => {
    expect(nearest("a".repeat(1_000_000), ["a".repeat(64)])).toBe("a".repeat(64));
  });
});

test("where no known word is near all are named, or that there are none", () => {
  const hint = (word: string, known: string[]) => nearestOrAll(word, known, "it asks", "nothing");
  expect(hint("dept", ["depth", "env"])).toBe("did you mean 'depth'?");
  expect(hint("x", ["depth", "env"])).toBe("it asks depth, env");
  expect(hint("x", [])).toBe("it asks nothing");
});

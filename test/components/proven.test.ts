import { expect, test } from "bun:test";
import { sayProven } from "../../components/dock/proven";

test.each([
  [43, 43, "43 verified"],
  [43, 0, "43 verified"],
  [43, 49, "43 of 49 verified"],
  [1200, 1201, "1,200 of 1,201 verified"],
])("%d entries proven, %d known of: %s", (entries, newest, said) =>
  expect(sayProven(entries, newest)).toBe(said),
);

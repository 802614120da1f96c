import { expect, test } from "bun:test";
import { sayBroken, sayProven } from "../../components/dock/proven";

test.each([
  [43, 43, "43 verified"],
  [43, 0, "43 verified"],
  [43, 49, "43 of 49 verified"],
  [1200, 1201, "1,200 of 1,201 verified"],
])("%d entries proven, %d known of: %s", (entries, newest, said) =>
  expect(sayProven(entries, newest)).toBe(said),
);

test.each([
  [{ line: 5 }, "chain broken at line 5"],
  [{ line: 0 }, "record broken"],
  [{}, "record broken"],
])("a fault at %j: %s", (fault, said) => expect(sayBroken(fault)).toBe(said));

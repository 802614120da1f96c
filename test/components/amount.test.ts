import { expect, test } from "bun:test";
import fc from "fast-check";
import { sayWhole } from "../../components/state/amount";

test("a count in full is grouped as English groups it", () => {
  fc.assert(fc.property(fc.nat(10 ** 12), (count) => sayWhole(count) === count.toLocaleString("en")));
  expect([999, 1000, 1_000_000].map(sayWhole)).toEqual(["999", "1,000", "1,000,000"]);
});

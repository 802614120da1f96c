import { expect, test } from "bun:test";
import { countOf } from "../../lib/core/count";

test.each([
  [0, "step", "0 steps"],
  [1, "step", "1 step"],
  [2, "step", "2 steps"],
  [1, "entry", "1 entry"],
  [2, "entry", "2 entries"],
  [3, "retry", "3 retries"],
  [2, "day", "2 days"],
  [2, "match", "2 matches"],
])("%d of a %s are %s", (count, what, said) => expect(countOf(count, what)).toBe(said));

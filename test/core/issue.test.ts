import { expect, test } from "bun:test";
import { z } from "zod";
import { saidOf } from "../../lib/core/issue";

test.each<[unknown, string, z.ZodType]>([
  [[], "must not be empty", z.array(z.string()).min(1)],
  [["a"], "must have at least 2 items", z.array(z.string()).min(2)],
  [["a", "b"], "must have at most 1 item", z.array(z.string()).max(1)],
  ["", "must not be empty", z.string().min(1)],
  ["long", "must have at most 3 characters", z.string().max(3)],
  [0, "must be at least 1", z.number().min(1)],
  [6, "must be at most 5", z.number().max(5)],
  [1, "must be more than 1.5", z.number().gt(1.5)],
  [0, "must be less than -2", z.number().lt(-2)],
  ["c", "must be one of a, b", z.enum(["a", "b"])],
  ["x", "expected number, received string", z.number()],
  [[], "takes two or more", z.array(z.string()).min(2, "takes two or more")],
])("%j is refused: %s", (value, said, schema) => {
  expect(saidOf(schema.safeParse(value).error?.issues[0])).toBe(said);
});

test("what is not said at all is not valid", () => {
  expect(saidOf(undefined)).toBe("is not valid");
});

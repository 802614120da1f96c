import { expect, test } from "bun:test";
import { z } from "zod";
import { actions } from "../../lib/core/actions";
import { saidAt, saidOf } from "../../lib/core/issue";

const scalar = z.union([z.string(), z.number(), z.boolean()]);

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
  ["x", "must be a number, not a text", z.number()],
  [1.5, "must be a whole number", z.int()],
  ["1", "must be a number, not a text", z.int()],
  [7, "must be a text, not a number", z.string()],
  [7, "must be true or false, not a number", z.boolean()],
  ["a", "must be a list, not a text", z.array(z.string())],
  [[], "must be a map of keys and values, not a list", z.record(z.string(), z.string())],
  [null, "must be a map of keys and values, not nothing", z.strictObject({})],
  [undefined, "is missing", z.string()],
  [2, "must be 1", z.literal(1)],
  ["no", 'must be "required"', z.literal("required")],
  [{ a: 1, b: 2 }, "takes no 'a', 'b'", z.strictObject({})],
  ["x", "must match pattern /^a$/", z.string().regex(/^a$/)],
  [["a"], "must have exactly 2 items", z.array(z.string()).length(2)],
  [3, "must be a multiple of 2", z.number().multipleOf(2)],
  ["x", "is no valid email address", z.email()],
  [{}, "must be a text, a number or true or false, not a map of keys and values", scalar],
  [[1], "number 1: must be a text, not a number", z.union([z.array(z.string()), z.string()])],
  [{ b: "x" }, "must match pattern /^a$/", z.record(z.string().regex(/^a$/), z.string())],
  [[], "takes two or more", z.array(z.string()).min(2, "takes two or more")],
])("%j is refused: %s", (value, said, schema) => {
  expect(saidOf(schema.safeParse(value).error?.issues[0])).toBe(said);
});

test("what is not said at all is not valid", () => {
  expect(saidOf(undefined)).toBe("is not valid");
});

test("a place within a value is counted as people count", () => {
  const schema = z.object({ questions: z.array(z.object({ ask: z.string() })) });
  const [issue] = schema.safeParse({ questions: [{ ask: "a" }, { ask: 1 }] }).error?.issues ?? [];
  if (!issue) throw new Error("it was not refused");
  expect(saidAt(issue, 1)).toBe("number 2, ask: must be a text, not a number");
  expect(saidAt(issue)).toBe("questions, number 2, ask: must be a text, not a number");
});

const odd: unknown[] = [null, 1.5, -1, "", "x\0", true, [], [1], {}, { a: 1 }, { "0": null }, [[]], [{}]];

test("nothing that any action refuses is said in a schema library's words", () => {
  const said = actions.flatMap(({ input }) => {
    const { shape = {} } = input as unknown as { shape?: Record<string, z.ZodType> };
    return odd
      .flatMap((value) => [
        ...((input as z.ZodType).safeParse(value).error?.issues ?? []),
        ...Object.values(shape).flatMap((part) => part.safeParse(value).error?.issues ?? []),
      ])
      .map((issue) => saidOf(issue));
  });
  expect(said.length).toBeGreaterThan(500);
  expect(said.filter((text) => /Invalid|Unrecognized|received|expected|Too (small|big)/.test(text))).toEqual(
    [],
  );
});

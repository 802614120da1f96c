import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { findView, views } from "../../../lib/core/views/view";

describe.each(views.map((view) => [view.name, view] as const))("the view %s", (name, view) => {
  test("says what it takes as JSON Schema, for help, forms and tools", () => {
    const schema = z.toJSONSchema(view.input, { io: "input" });
    expect(schema).toMatchObject({ type: "object", additionalProperties: false });
  });

  test("is found by its name and reads well", () => {
    expect(findView(name)).toBe(view as never);
    expect(name).toMatch(/^[a-z]+(\.[a-z]+)?$/);
    expect(view.title).toMatch(/^[A-Z].*[^.]$/);
  });

  test("takes its positional words as keys, required ones first", () => {
    const schema = z.toJSONSchema(view.input, { io: "input" });
    const positional: readonly string[] = "positional" in view ? view.positional : [];
    const required = schema.required ?? [];
    expect(positional.slice(0, required.length)).toEqual(required);
    for (const key of positional) expect(Object.keys(schema.properties ?? {})).toContain(key);
    expect(Object.keys(schema.properties ?? {})).toEqual(expect.arrayContaining([...positional]));
  });
});

test("no two views share a name, and none is found by another", () => {
  expect(new Set(views.map(({ name }) => name)).size).toBe(views.length);
  expect(findView("nothing")).toBeUndefined();
});

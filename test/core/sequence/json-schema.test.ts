import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { jsonSchema, layOut, schemaNames } from "../../../lib/core/sequence/json-schema";

const root = join(import.meta.dir, "..", "..", "..");

describe("the JSON Schemas", () => {
  test.each([...schemaNames])("of %s as published is that of the code", (name) => {
    const published = readFileSync(join(root, "schemas", `${name}.schema.json`), "utf8");
    const remedy = `stale; make it anew: node_modules/.bin/bun bin/seqctl.ts schema ${name} > schemas/${name}.schema.json`;
    expect(published === `${layOut(jsonSchema(name))}\n` ? "fresh" : remedy).toBe("fresh");
  });

  test("hold every key of a step, and allow no other", () => {
    const { properties } = jsonSchema("sequence") as { properties: { steps: unknown } };
    const text = JSON.stringify(properties.steps);
    for (const key of ["command", "fusion_candidates", "watchdog_for"]) expect(text).toContain(`"${key}"`);
    expect(text).toContain('"additionalProperties":false');
  });

  test("are laid out without a change of what they say", () => {
    const value = { a: [1, 'x"', null], b: [], c: {}, d: [{ e: [[]] }], f: "\n  [ 1 ]" };
    expect(JSON.parse(layOut(value))).toEqual(value);
  });
});

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Ajv2020, type AnySchemaObject } from "ajv/dist/2020";
import { actionNames } from "../../../lib/core/actions";
import { views } from "../../../lib/core/views/view";
import { methodsOf, type NounName, nouns } from "../../../lib/surfaces/http/nouns";
import { openApi } from "../../../lib/surfaces/http/openapi";
import { asRequest, calls } from "../every-action";
import { openServer, type TestServer } from "./harness";
import { routeFiles } from "./route-files";

interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  security?: unknown[];
  parameters?: { name: string; in: string; required: boolean; schema: AnySchemaObject }[];
  requestBody?: { required: boolean; content: Record<string, { schema: AnySchemaObject }> };
  responses: Record<string, AnySchemaObject>;
}

const document = openApi("1.2.3");
const paths = document.paths as unknown as Record<string, Record<string, Operation>>;
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const schemas = new Ajv2020({ strict: false });
/** A schema of the document, with the parts that it may refer to. */
const compile = (schema: AnySchemaObject) => schemas.compile({ components: document.components, ...schema });

/** Every reference in a document. */
function refsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : refsIn(inner),
  );
}

function standsAt(ref: string): unknown {
  return ref
    .replace(/^#\//, "")
    .split("/")
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
}

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

describe("the description of the API", () => {
  test("is OpenAPI 3.1: a version, a title, and operations with names of their own and answers", () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: "ThreadOS", version: "1.2.3" });
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operation, path } of operations) {
      expect({ path, summary: operation.summary.length > 0 }).toEqual({ path, summary: true });
      expect(Object.keys(operation.responses)).toContain("200");
    }
  });

  test("names no part that is not there", () => {
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(50);
    expect(refs.filter((ref) => standsAt(ref) === undefined)).toEqual([]);
  });

  test("declares each parameter of a path once, and as needed", () => {
    for (const { path, operation } of operations) {
      const own = (operation.parameters ?? []).map((each) => `${each.in} ${each.name}`);
      expect(new Set(own).size).toBe(own.length);
      const inPath = (operation.parameters ?? []).filter((each) => each.in === "path");
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
      expect(inPath.map(({ name }) => name).sort()).toEqual(wanted.sort());
      expect(inPath.every(({ required }) => required)).toBe(true);
    }
  });

  test("holds JSON schemas that a validator takes", () => {
    for (const { operation } of operations) {
      for (const { schema } of operation.parameters ?? []) compile(schema);
      for (const { schema } of Object.values(operation.requestBody?.content ?? {})) compile(schema);
    }
    const named = (document.components as unknown as { schemas: Record<string, object> }).schemas;
    for (const schema of Object.values(named)) compile(schema);
  });

  test("has every address that has a route file, with its methods, and no other", async () => {
    const files = (await routeFiles()).filter(({ file }) => !file.includes("[["));
    const addresses = files.map(({ file }) =>
      `/${file.replace(/\/route\.ts$/, "")}`.replace(/\[(\w+)\]/g, "{$1}"),
    );
    expect(Object.keys(paths).sort()).toEqual(addresses.sort());
    for (const noun of Object.keys(nouns) as NounName[])
      expect(Object.keys(paths[`/api/${noun}`] ?? {}).sort()).toEqual(
        methodsOf(noun).map((method) => method.toLowerCase()),
      );
  });

  test("has every action and every view of the registry", () => {
    const text = JSON.stringify(paths);
    expect(actionNames.filter((name) => !text.includes(`The action \`${name}\`.`))).toEqual([]);
    const titles = operations.flatMap(({ operation }) => `${operation.summary}\n${operation.description}`);
    const missing = views.filter(({ title }) => !titles.some((said) => said.includes(title)));
    // What a run's file holds is asked by a name in the query of the run's list of them.
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});

describe("a call", () => {
  const bodyOf = (path: string) =>
    compile(paths[path]?.post?.requestBody?.content["application/json"]?.schema ?? { not: {} });

  test.each(calls.map((call) => [call.action, call] as const))(
    "of %s is as the description says",
    (_name, call) => {
      const [path, body] = asRequest(call);
      const validate = bodyOf(path);
      expect({ ok: validate(body), errors: validate.errors ?? [] }).toEqual({ ok: true, errors: [] });
      expect(validate({ ...body, dry_run: true, confirm: "c0ffee" })).toBe(true);
      expect(validate({ ...body, "no such key": 1 })).toBe(false);
    },
  );
});

describe("GET /api/openapi.json", () => {
  test("answers with it, to those who have the token", async () => {
    expect((await fetch(`${server.origin}/api/openapi.json`)).status).toBe(401);
    const answer = await server.get("/api/openapi.json");
    expect(answer.status).toBe(200);
    const { paths: served, info } = (await answer.json()) as typeof document;
    expect(Object.keys(served as object)).toEqual(Object.keys(paths));
    expect((info as { version: string }).version).toMatch(/^\d+\.\d+\.\d+/);
    const etag = answer.headers.get("etag") ?? "";
    expect((await server.get("/api/openapi.json", { "if-none-match": etag })).status).toBe(304);
  });
});

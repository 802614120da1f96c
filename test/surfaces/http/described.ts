import { Ajv2020, type AnySchemaObject, type ValidateFunction } from "ajv/dist/2020";
import { openApi } from "../../../lib/surfaces/http/openapi";
import type { Doc } from "../../rig/workspace";
import type { TestServer } from "./harness";

const document = closed(openApi("0.0.0")) as unknown as {
  paths: { [path: string]: { [method: string]: { responses: { [status: string]: AnySchemaObject } } } };
  components: { responses: { [name: string]: AnySchemaObject } };
};
const schemas = new Ajv2020({ strict: false });
const compiled = new Map<unknown, ValidateFunction>();

/** The document as if no answer could hold a key that it does not name: what is undescribed is to be seen. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const all = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
  const isShape = all.type === "object" && all.properties && all.additionalProperties === undefined;
  return isShape ? { ...all, additionalProperties: false } : all;
}

/** An answer with what the API's description says against it; undefined if it is as described. */
export interface Described {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails if it is not there
  body: any;
  fault: string | undefined;
}

/** Calls a server, and holds each answer against the API's description. */
export function described(server: TestServer) {
  const read = async (method: string, path: string, answer: Promise<Response>): Promise<Described> => {
    const got = await answer;
    const body = await got.json();
    return { status: got.status, body, fault: faultOf(method, path, got.status, body) };
  };
  return {
    get: (path: string) => read("get", path, server.get(path)),
    post: (path: string, body: Doc) => read("post", path, server.post(path, body)),
  };
}

/** What is not as described in an answer. */
export function faultOf(method: string, path: string, status: number, body: unknown): string | undefined {
  const bare = path.replace(/\?.*/, "");
  const [template] = Object.keys(document.paths)
    .filter((each) => new RegExp(`^${each.replace(/\{\w+\}/g, "[^/]+")}$`).test(bare))
    .sort((a, b) => Number(a.includes("{")) - Number(b.includes("{")));
  const operation = document.paths[template ?? ""]?.[method];
  if (!operation) return `${method} ${bare} is not described`;
  const said = operation.responses[status];
  if (!said) return `${method} ${bare} is not described to answer with ${status}`;
  const response = said.$ref
    ? document.components.responses[String(said.$ref).replace("#/components/responses/", "")]
    : said;
  const schema = response?.content?.["application/json"]?.schema as AnySchemaObject | undefined;
  if (!schema) return `${method} ${bare}, ${status}: no JSON is described`;
  const validate = compiled.get(schema) ?? schemas.compile({ components: document.components, ...schema });
  compiled.set(schema, validate);
  if (validate(body)) return undefined;
  const errors = (validate.errors ?? []).map(
    (each) => `${each.instancePath} ${each.message} ${JSON.stringify(each.params)}`,
  );
  return `${method} ${path}, ${status}: ${errors.slice(0, 8).join("; ")} in ${JSON.stringify(body).slice(0, 600)}`;
}

import { Ajv2020, type AnySchemaObject, type ValidateFunction } from "ajv/dist/2020";
import { openApi } from "../../../lib/surfaces/http/openapi";

interface Operation {
  responses: { [status: string]: AnySchemaObject };
  "x-refusal"?: { status: number; code: string }[];
}

const document = closed(openApi("0.0.0")) as unknown as {
  paths: { [path: string]: { [method: string]: Operation } };
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

/** Holds an answer against the API's description; throws where it is not as described. */
export async function holdAgainst(method: string, path: string, answer: Response): Promise<Response> {
  const isJson = answer.headers.get("content-type")?.startsWith("application/json");
  const status = Number(answer.headers.get("x-refusal") ?? answer.status);
  const fault = isJson ? faultOf(method, path, status, await answer.clone().json()) : undefined;
  if (fault !== undefined) throw new Error(fault);
  return answer;
}

/** What is not as described in an answer. */
export function faultOf(method: string, path: string, status: number, body: unknown): string | undefined {
  const bare = path.replace(/\?.*/, "");
  const [template] = Object.keys(document.paths)
    .filter((each) => new RegExp(`^${each.replace(/\{\w+\}/g, "[^/]+")}$`).test(bare))
    .sort((a, b) => Number(a.includes("{")) - Number(b.includes("{")));
  const operation = document.paths[template ?? ""]?.[method];
  // What is not there, or not possible there, is refused in the same words everywhere.
  if (!operation) return [404, 405].includes(status) ? undefined : `${method} ${bare} is not described`;
  const { code, jsonrpc } = (body ?? {}) as { code?: unknown; jsonrpc?: unknown };
  const known = operation["x-refusal"]?.some((each) => each.status === status && each.code === code);
  // MCP refuses a message in words of its own, which have no code of ours.
  if (status >= 400 && operation["x-refusal"] && jsonrpc === undefined && !known)
    return `${method} ${bare} is not described to refuse with ${status} ${code}`;
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

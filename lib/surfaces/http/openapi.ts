import { z } from "zod";
import type { AnyAction } from "../../core/actions";
import type { Json } from "../../core/json";
import type { ViewName } from "../../core/views/view";
import { type AskedView, actionsAt, nounNames, viewsAt } from "./addresses";
import type { NounName } from "./nouns";
import { answered, otherPaths, parts, refusing } from "./openapi-parts";
import { answerRef } from "./openapi-schemas";
import { refusalsOfAction, refusalsOfView } from "./refusals";
import { replyJson } from "./reply";
import { guarded, type Route } from "./route";

type Map = { [key: string]: Json };

/** The whole API as an OpenAPI 3.1 document, made of the registry alone: it can't name what is not there. */
export function openApi(version: string): Map {
  const paths: Map = {};
  for (const noun of nounNames) {
    const asked = viewsAt(noun);
    const post = deed(noun);
    for (const path of new Set([[], ...asked.map(({ inPath }) => inPath)].map((keys) => keys.join("/")))) {
      const here = asked.filter(({ inPath }) => inPath.join("/") === path);
      const keys = path.split("/").filter(Boolean);
      paths[["/api", noun, ...keys.map((key) => `{${key}}`)].join("/")] = {
        ...(here.length > 0 ? { get: question(noun, here, keys) } : {}),
        ...(post && keys.length === 0 ? { post } : {}),
      };
    }
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "ThreadOS",
      version,
      summary: "The HTTP API of `seqctl ui`",
      description:
        "A POST goes through the one door: its input is checked, then the policy asked, then it is recorded, then done. " +
        "A GET asks and changes nothing. The token stands behind `#token=` in what `seqctl ui --json` prints.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [
      {
        url: "http://127.0.0.1:{port}",
        description: "This machine only",
        variables: { port: { default: "4600", description: "what `seqctl ui --json` prints" } },
      },
    ],
    security: [{ token: [] }],
    tags: nounNames.map((name) => ({ name })),
    paths: { ...paths, ...otherPaths },
    components: parts(),
  };
}

/** Answers with the document, behind the guard like everything below /api/. */
export function openApiRoute(version: string): Route {
  const handle = guarded(["GET"], async (request) => replyJson(openApi(version), request));
  return { GET: handle, POST: handle };
}

/** GET: one view, or several that the query tells apart. */
function question(noun: NounName, asked: AskedView[], path: string[]): Map {
  const verbs = asked.flatMap(({ verb }) => verb ?? []);
  const inputs = asked.map(({ view }) => schemaOf(view.input));
  const keys = [...new Set(inputs.flatMap((input) => Object.keys(input.properties)))];
  const query = keys.flatMap((key): Map[] => {
    const schema = inputs.find((input) => key in input.properties)?.properties[key] as Map;
    const { description, ...rest } = schema;
    const required = path.includes(key) || (asked.length === 1 && inputs[0]?.required.includes(key)) || false;
    return [
      {
        name: key,
        in: path.includes(key) ? "path" : "query",
        required,
        ...(description === undefined ? {} : { description }),
        schema: withoutDefault(rest),
      },
    ];
  });
  const refused = asked.flatMap(({ view }) => refusalsOfView(view.name as ViewName));
  const { codes, byStatus } = refusing(refused, "get");
  const which = { name: "view", in: "query", required: false, schema: { enum: verbs } };
  const parameters = [...missing(path, keys), ...query, ...(verbs.length > 0 ? [which] : [])];
  return {
    operationId: `get_${[noun, ...path].join("_")}`,
    tags: [noun],
    summary: asked[0]?.view.title ?? noun,
    ...(asked.length > 1
      ? {
          description: asked.map(({ view, verb }) => `- ${view.title}${saidBy(verb)}`).join("\n"),
        }
      : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    responses: {
      "200": answered(answerOf(asked)),
      "304": { description: "what `If-None-Match` names is still what stands" },
      ...byStatus,
    },
    "x-refusal": codes,
  };
}

/** What an address answers with: of several views the one that was asked. */
function answerOf(asked: AskedView[]): Map {
  const refs = asked.map(({ view, verb }) => ({
    ...answerRef(view),
    ...(asked.length > 1 ? { description: `${view.title}${saidBy(verb)}` } : {}),
  }));
  return refs.length === 1 ? (refs[0] as Map) : { anyOf: refs };
}

const saidBy = (verb: string | undefined) => (verb === undefined ? "" : ` (\`view=${verb}\`)`);

/** Parameters of a path that no view's own input names. */
function missing(path: string[], keys: string[]): Map[] {
  return path
    .filter((key) => !keys.includes(key))
    .map((key) => ({ name: key, in: "path", required: true, schema: { type: "string" } }));
}

/** POST: the actions of a noun, told apart by `action`. */
function deed(noun: NounName): Map | undefined {
  const reached = actionsAt(noun);
  const bodies = reached.map(({ action, said }): Map => {
    const input = schemaOf(action.input);
    if (said && "scope" in said) return scoped(action, input);
    return bodyOf(action, input, said?.verb);
  });
  if (bodies.length === 0) return undefined;
  const refused = reached.flatMap(({ action }) => refusalsOfAction(action.name));
  const { codes, byStatus } = refusing(refused, "post");
  const [only] = bodies;
  return {
    operationId: `post_${noun}`,
    tags: [noun],
    summary: bodies.map(({ title }) => title).join("; "),
    requestBody: {
      required: true,
      content: { "application/json": { schema: bodies.length === 1 && only ? only : { oneOf: bodies } } },
    },
    responses: { "200": { $ref: "#/components/responses/Done" }, ...byStatus },
    "x-refusal": codes,
  };
}

const answers: Map = {
  confirm: {
    type: "string",
    description: "digest of what was asked about (status 428), as the person's yes",
  },
  dry_run: { type: "boolean", description: "only say what it would do" },
};

function bodyOf({ name, title }: AnyAction, input: ObjectSchema, verb: string | undefined): Map {
  return {
    title,
    description: `The action \`${name}\`.`,
    type: "object",
    properties: {
      ...(verb === undefined ? {} : { action: { const: verb } }),
      ...input.properties,
      ...answers,
    },
    required: [...(verb === undefined ? [] : ["action"]), ...input.required],
    additionalProperties: false,
  };
}

/** `run.start`, whose `action` is how much is run. */
function scoped(action: AnyAction, input: ObjectSchema): Map {
  const { scope, ...properties } = input.properties;
  const required = input.required.filter((key) => key !== "scope");
  const body = bodyOf(action, { properties, required }, "");
  return {
    ...body,
    properties: { ...(body.properties as Map), action: withoutDefault(scope as Map) },
  };
}

interface ObjectSchema {
  properties: Map;
  required: string[];
}

function schemaOf(input: z.ZodType): ObjectSchema {
  const {
    properties = {},
    required = [],
    $defs = {},
  } = z.toJSONSchema(input, { io: "input" }) as unknown as {
    properties?: Map;
    required?: string[];
    $defs?: Map;
  };
  // The one thing that refers to itself is "any JSON"; it stands once, among the parts.
  if (Object.keys($defs).length > 1) throw new Error("more than one input refers to itself; name them apart");
  const text = JSON.stringify(properties);
  const named = Object.keys($defs).reduce(
    (said, name) => said.replaceAll(`#/$defs/${name}`, "#/components/schemas/Json"),
    text,
  );
  return { properties: JSON.parse(named), required };
}

/** A default is the view's own business: who leaves a parameter out is not told to send it. */
function withoutDefault({ default: _, ...schema }: Map): Map {
  return schema;
}

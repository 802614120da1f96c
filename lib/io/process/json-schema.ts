import type { Json } from "../../core/json";

interface Fault {
  instancePath: string;
  message?: string;
  params?: Record<string, unknown>;
}

type Check = ((value: unknown) => boolean) & { errors?: Fault[] | null; $async?: boolean };

interface Validator {
  compile(schema: unknown): Check;
}

let compiler: Validator | undefined;
const compiled = new Map<string, Check>();

/** Loaded when the first schema is met: it costs more than many a step takes, and most steps have none. */
function load(): Validator {
  const { default: Ajv } = require("ajv/dist/2020") as {
    default: new (options: object) => Validator;
  };
  // `format` stays a remark, as the standard has it by default; a misspelt keyword would check nothing, so it is refused.
  return new Ajv({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    strictTuples: false,
    validateFormats: false,
    logger: false,
  });
}

function compile(schema: Json): Check {
  const key = JSON.stringify(schema);
  const known = compiled.get(key);
  if (known) return known;
  compiler ??= load();
  const check = compiler.compile(schema);
  if (check.$async) throw new Error("$async is not supported");
  compiled.set(key, check);
  return check;
}

/** What keeps a value from being a JSON Schema (2020-12), in a sentence's second half; undefined if nothing does. */
export function schemaProblem(schema: Json): string | undefined {
  try {
    compile(schema);
    return undefined;
  } catch (error) {
    return `is no JSON Schema (${(error as Error).message})`;
  }
}

/** Where and how a value breaks a schema, such as `at /passed must be boolean`; undefined if it fits. */
export function mismatch(schema: Json, value: Json): string | undefined {
  const check = compile(schema);
  if (check(value)) return undefined;
  const fault = check.errors?.[0];
  const extra = fault?.params?.additionalProperty;
  const more = typeof extra === "string" ? ` ('${extra}')` : "";
  return `${fault?.instancePath ? `at ${fault.instancePath} ` : ""}${fault?.message ?? "does not fit"}${more}`;
}

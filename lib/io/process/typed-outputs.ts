import * as fs from "node:fs";
import { join } from "node:path";
import type { Json } from "../../core/json";
import type { OutputReport } from "../../runtime/ports";
import { mismatch } from "./json-schema";

const maxBytes = 1024 * 1024;
/** What the journal carries; larger outputs are handed on as the file only. */
const maxCarriedBytes = 64 * 1024;
const maxDepth = 64;

/** Reads the `output.json` that was imported into an attempt's folder and checks it against the step's schema, if it has one. */
export function readTypedOutputs(folder: string, schema: Json | undefined): OutputReport {
  const text = readText(join(folder, "output.json"));
  if (text === undefined)
    return schema === undefined ? {} : { invalid: "is missing, but outputs/schema asks for one" };
  if (typeof text !== "string") return text;
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return { invalid: "is not JSON" };
  }
  if (isDeeper(value, maxDepth)) return { invalid: `is nested deeper than ${maxDepth} levels` };
  const fault = schema === undefined ? undefined : mismatch(schema, value);
  if (fault !== undefined) return { invalid: fault };
  const carried = Buffer.byteLength(JSON.stringify(value));
  return carried > maxCarriedBytes ? { outputsBytes: carried } : { outputs: value };
}

function readText(path: string): string | OutputReport | undefined {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) return undefined;
  if (stat.size > maxBytes) return { invalid: `is larger than ${maxBytes} bytes` };
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(fs.readFileSync(path));
  } catch {
    return { invalid: "is not UTF-8" };
  }
}

function isDeeper(value: Json, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

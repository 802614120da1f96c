import { sayTime } from "../../lib/core/duration";
import type { Json } from "../../lib/core/json";
import { labelOf } from "../forms/label";
import { writeCommand } from "../forms/words";
import { threadTypes } from "../state/vocabulary";

/** What people call a field, where its key does not say it. */
const names: Readonly<Record<string, string>> = {
  group_id: "Group",
  depends_on: "Dependencies",
  cwd: "Folder",
  env: "Environment",
  tty: "Terminal",
  when: "Condition",
  fanout: "Instances",
  retry: "Retries",
  continue_on_error: "Permission to fail",
  on_failure: "What runs when it fails",
  cpu_s: "Computing time",
};

/** A field of the sequence in words: `timeout_ms` is a timeout, whose value says its unit. */
export const fieldName = (field: string): string => names[field] ?? labelOf(field.replace(/_(?:ms|mb)$/, ""));

/** A value of a field, as a person would write it: times with their unit, the type of a thread by its name. */
export function sayFieldValue(field: string, value: Json): string {
  if (typeof value === "number" && field.endsWith("_ms")) return sayTime(value);
  if (typeof value === "number" && field.endsWith("_s")) return sayTime(value * 1000);
  if (typeof value === "number" && field.endsWith("_mb")) return `${value} MB`;
  if (field === "type" && typeof value === "string") return threadTypes[value]?.title ?? value;
  if (field === "command" && (typeof value === "string" || Array.isArray(value)))
    return writeCommand(value as string | string[]);
  if (field === "retry" && isPlain(value)) return sayRetry(value);
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(", ");
  if (isPlain(value)) {
    const inside = Object.entries(value);
    const isFlat = inside.every(([, one]) => typeof one !== "object" || one === null);
    // What stands in the environment is called by its own names.
    if (isFlat && field === "env") return inside.map(([key, one]) => `${key}: ${String(one)}`).join(", ");
    if (isFlat)
      return inside.map(([key, one]) => `${lower(fieldName(key))}: ${sayFieldValue(key, one)}`).join(", ");
  }
  return JSON.stringify(value);
}

const isPlain = (value: Json): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function sayRetry({ limit, backoff_ms, ...more }: { [key: string]: Json }): string {
  const times = limit === 1 ? "once" : limit === 2 ? "twice" : `${limit} times`;
  const waiting = typeof backoff_ms === "number" ? [`waiting ${sayTime(backoff_ms)} before`] : [];
  const rest = Object.entries(more).map(
    ([key, one]) => `${lower(fieldName(key))}: ${sayFieldValue(key, one)}`,
  );
  return [`at most ${times}`, ...waiting, ...rest].join(", ");
}

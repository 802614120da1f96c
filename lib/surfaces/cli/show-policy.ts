import { countOf } from "../../core/count";
import { err, ok, type Result } from "../../core/result";
import { safe } from "./paint";
import type { Answering } from "./say";
import { columnsOf } from "./table";

type Doc = Record<string, unknown>;

const inWords = (command: unknown) =>
  safe(Array.isArray(command) ? JSON.stringify(command) : String(command ?? ""));
const apart = new Set(["warnings", "sources", "tiers"]);

interface Tier {
  name: string;
  path: string;
  present: boolean;
}

function shown(value: unknown): string {
  if (value === null) return "–";
  if (!Array.isArray(value)) return safe(String(value));
  return safe(value.map((item) => (typeof item === "string" ? item : JSON.stringify(item))).join(", "));
}

/** The values that hold, where each comes from, and where the files are. */
export function policyShow(doc: Doc, { paint }: Answering): string {
  const sources = (doc.sources ?? {}) as Record<string, string>;
  const rows = Object.entries(doc)
    .filter(([key, value]) => !apart.has(key) && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => [key, shown(value), paint("dim", sources[key] ?? "built-in")]);
  const tiers = ((doc.tiers ?? []) as Tier[])
    .filter(({ path }) => path !== "")
    .map(({ name, path, present }) => [
      paint("dim", name),
      paint("dim", safe(path)),
      paint("dim", present ? "" : "says nothing"),
    ]);
  const warnings = (doc.warnings as string[]).map(
    (warning) => `${paint("yellow", "warning")} ${safe(warning)}\n`,
  );
  return `${columnsOf(rows)}\n\n${columnsOf(tiers)}\n${warnings.join("")}`;
}

/** The verdict, the rule that decides, the class and the reason. */
export function policyExplain(doc: Doc, { paint }: Answering): string {
  const looks = {
    allow: ["green", "✓ allowed"],
    ask: ["magenta", "? asked"],
    deny: ["red", "✗ denied"],
  } as const;
  const [tone, said] = looks[doc.verdict as keyof typeof looks];
  const rows = [
    ["rule", safe(String(doc.rule))],
    ["class", `${doc.class}${doc.class_rule === doc.rule ? "" : `, by ${safe(String(doc.class_rule))}`}`],
    ["why", safe(String(doc.why))],
    ["mode", String(doc.mode)],
    ["program", doc.executable === null ? "–" : safe(String(doc.executable))],
  ];
  return `${paint(tone, said)}  ${inWords(doc.command)}\n\n${columnsOf(rows)}\n`;
}

/** How many of the past commands would have been stopped, and which. */
export function policyTest(doc: Doc, { paint }: Answering): string {
  const stopped = doc.stopped as {
    run: string;
    step: string;
    attempt: number;
    command: unknown;
    rule: string;
  }[];
  const head = `would have stopped ${stopped.length} of ${countOf(Number(doc.attempts), "command")} of ${countOf(Number(doc.runs), "run")}`;
  const untold = Number(doc.unknown) > 0 ? `; ${doc.unknown} can't be told any more` : "";
  const unread = Number(doc.unreadable);
  const unknown = unread > 0 ? `${untold}; ${countOf(unread, "run")} can't be read` : untold;
  const rows = stopped.map(({ run, step, attempt, command, rule }) => [
    paint("dim", run),
    `${safe(step)}${attempt > 1 ? ` (attempt ${attempt})` : ""}`,
    inWords(command),
    paint("red", safe(rule)),
  ]);
  return `${head}${unknown}${rows.length > 0 ? ":" : ""}\n${rows.length > 0 ? `${columnsOf(rows)}\n` : ""}`;
}

const maxBytes = 1_048_576;

/** The text of a policy that is to be tried. */
export async function readPolicyToTry(path: string): Promise<Result<string>> {
  const { readFile, stat } = await import("node:fs/promises");
  try {
    const { size } = await stat(path);
    if (size > maxBytes) return err({ code: "file.unreadable", path, problem: `holds ${size} bytes` });
    return ok(await readFile(path, "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT"
      ? err({ code: "file.missing", path })
      : err({ code: "file.unreadable", path, problem: `can't be read (${code ?? String(error)})` });
  }
}

import { sayTime } from "../../duration";
import { block, code, count, type Doc, list, parts, rowsOf, table, words } from "./markdown";

const titles: readonly (readonly [key: string, title: string])[] = [
  ["mode", "mode"],
  ["sandbox", "sandbox"],
  ["max_concurrent", "steps at once"],
  ["max_fanout", "instances of a step"],
  ["max_orchestrated", "steps that agents may add"],
  ["max_steps", "steps in a sequence"],
  ["max_depth", "depth of sub-sequences"],
  ["timeout_default_ms", "time limit of a step"],
  ["stop_grace_ms", "time to end in when stopped"],
  ["max_command_bytes", "length of a command"],
  ["limits", "limits of a process"],
  ["allowed_commands", "allowed commands"],
  ["allowed_cwd", "allowed folders"],
  ["env_allow", "variables handed on"],
  ["forbidden_patterns", "forbidden"],
  ["confirmation_required", "asked about"],
];

/** The rules that hold, and where each comes from. */
export function sayPolicy(doc: Doc): string {
  const sources = (doc.sources ?? {}) as Record<string, string>;
  const tiers = rowsOf<{ name: string; path: string; present: boolean }>(doc.tiers);
  const rows = titles
    .map(([key, title]) => [title, shown(key, doc[key]), words(sources[key] ?? "built-in")])
    .filter(([, value]) => value !== "");
  const mode =
    doc.mode === "POWER"
      ? "Mode POWER: what can be undone happens at once."
      : `Mode ${doc.mode}: every change is asked about.`;
  const files = tiers.filter(({ path, present }) => path !== "" && present).map(({ path }) => code(path));
  return parts(
    mode,
    table(["rule", "value", "from"], rows),
    files.length > 0 && `They stand in ${files.join(", ")}.`,
    rowsOf<string>(doc.warnings).length > 0 &&
      list(rowsOf<string>(doc.warnings).map((text) => `Warning: ${words(text)}`)),
  );
}

/** A value of a rule; nothing where the rule says nothing. */
function shown(key: string, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (key.endsWith("_ms")) return sayTime(Number(value));
  if (Array.isArray(value)) return value.slice(0, 20).map(code).join(", ") + (value.length > 20 ? " …" : "");
  return typeof value === "object" ? code(value) : words(String(value));
}

const verdicts: Readonly<Record<string, string>> = {
  allow: "is allowed",
  ask: "is asked about",
  deny: "is denied",
};

/** Which rule decides over a command. */
export function sayVerdict(doc: Doc): string {
  const command = Array.isArray(doc.command) ? doc.command.join(" ") : doc.command;
  return `${command === null ? "What an agent runs" : code(command)} ${verdicts[String(doc.verdict)] ?? doc.verdict} in mode ${doc.mode}, by the rule ${code(doc.rule)}: ${words(doc.why)} (class ${words(doc.class)}).`;
}

interface Stopped {
  step: string;
  attempt: number;
  command: unknown;
  rule: string;
}

/** Which commands of past runs the rules would have stopped. */
export function sayTest(doc: Doc): string {
  const stopped = rowsOf<Stopped>(doc.stopped);
  const runs = count(Number(doc.runs), "run");
  return parts(
    `The rules would have stopped ${stopped.length} of ${count(Number(doc.attempts), "command")} of ${runs}${Number(doc.unknown) > 0 ? `; ${doc.unknown} can't be told any more` : ""}.`,
    stopped.length > 0 &&
      table(
        ["step", "attempt", "command", "rule"],
        stopped.map(({ step, attempt, command, rule }) => [
          words(step),
          String(attempt),
          code(Array.isArray(command) ? command.join(" ") : command),
          words(rule),
        ]),
      ),
  );
}

/** The templates. */
export function sayTemplates({ templates }: Doc): string {
  const all = rowsOf<{ type: string; title: string; own: boolean; problem: string | null }>(templates);
  return parts(
    `${count(all.length, "template")}; say "apply the ${all[0]?.type} template" for one:`,
    list(
      all.map(
        ({ type, title, own, problem }) =>
          `${words(type)}${own ? " (your own)" : ""}: ${problem === null ? words(title) : `can't be used: ${words(problem)}`}`,
      ),
    ),
  );
}

/** A template: its parameters, and what it makes of their defaults. */
export function sayTemplate({ type, title, params, example }: Doc): string {
  const { properties = {}, required = [] } = (params ?? {}) as {
    properties?: Record<string, { description?: string; default?: unknown }>;
    required?: string[];
  };
  const rows = Object.entries(properties).map(([name, { description, default: usual }]) => [
    code(name),
    words(description ?? ""),
    required.includes(name) && usual === undefined
      ? "has to be said"
      : usual === undefined
        ? ""
        : code(usual),
  ]);
  return parts(
    `The template ${words(type)}: ${words(title)}`,
    rows.length > 0 && table(["parameter", "what it is", "if not said"], rows),
    typeof example === "string" && parts("It makes:", block(example, "yaml", "beginning")),
  );
}

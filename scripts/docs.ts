// Writes docs/actions.md, docs/cli-reference.md and schemas/openapi.json from registry and grammar, so that they can't tell anything else than the program does.
// `bun scripts/docs.ts` writes it, `bun scripts/docs.ts --check` only says whether they are up to date.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AnyAction, actions } from "../lib/core/actions";
import { judge, type Risk } from "../lib/core/policy/decide";
import { effectivePolicy, type Mode } from "../lib/core/policy/policy";
import { layOut } from "../lib/core/sequence/json-schema";
import { type View, views } from "../lib/core/views/view";
import { type Flag, flagsOf, placeholder } from "../lib/surfaces/cli/flags";
import { grammar } from "../lib/surfaces/cli/grammar";
import { openApi } from "../lib/surfaces/http/openapi";
import { version } from "../package.json";
import { ownOptions, usage } from "./docs-cli";
import { addressOfAction, addressOfView } from "./docs-http";
import { referencePage, renderReference } from "./docs-reference";

/** Where the generated page stands, from the root of the repository. */
export const actionsPage = "docs/actions.md";

/** Where the description of the HTTP API stands. */
export const openApiFile = "schemas/openapi.json";

const root = join(import.meta.dir, "..");

const intro = `# Actions and views

<!-- Written by \`bun scripts/docs.ts\` from lib/core/actions, lib/core/views and lib/surfaces. Do not edit by hand. -->

An *action* is something one can do, a *view* is something one can ask. Each is defined once, as data, and every
surface takes it from there: \`seqctl\`, the HTTP API and the workbench know the same names, the same keys and the same
refusals. How a call travels is told in [architecture.md](architecture.md).

- On a command line a key is a flag (\`depends_on\` is \`--depends-on\`), or a bare word where \`<…>\` shows one. \`--json\`,
  \`--yes\` and \`-C <dir>\` may stand anywhere, and every action takes \`--dry-run\`. Lists are written \`a,b\`, JSON is
  written \`'["npm","test"]'\`.
- Over HTTP the keys stand in the body of a POST (beside \`action\`), or in the query of a GET. A body may also hold
  \`"dry_run": true\`, and \`"confirm": "<digest>"\` as the answer to a question (status 428). Every request needs the
  header \`Authorization: Bearer <token>\`; \`seqctl ui --json\` prints the token behind \`#token=\`.
- Besides the addresses below there are \`GET /api/status/stream\` (server-sent events), [the chat](chat.md), and \`/healthz\` and \`/readyz\`,
  which need no token.
- All of it in the words of OpenAPI 3.1: [schemas/openapi.json](../schemas/openapi.json), or \`GET /api/openapi.json\`.
  It also says what each address answers with, and in \`x-refusal\` each code it can refuse with: status, code, exit code of \`seqctl\`.
`;

/** How often a person at a terminal is asked before a call of that risk goes ahead. */
function questions(risk: Risk, mode: Mode): number {
  const policy = effectivePolicy({ mode }, { version: 1, name: "any" });
  const verdict = judge(policy, risk, "any", { actor: "user", surface: "cli" }, []);
  return verdict.ok ? verdict.value.ask : 0;
}

const risks: Record<Risk, string> = {
  edit: "changes the definition",
  remove: "takes something out of the definition",
  run: "starts processes (what goes through a shell is asked about in POWER too)",
  decide: "is a person's decision",
  stop: "ends or holds back",
  narrow: "tightens the rules",
  widen: "loosens the rules",
};

const times = ["never", "once", "twice"];

function riskTable(): string {
  const rows = (Object.keys(risks) as Risk[]).map((risk) => [
    `\`${risk}\``,
    risks[risk],
    times[questions(risk, "SAFE")] ?? "",
    times[questions(risk, "POWER")] ?? "",
  ]);
  return table(["risk", "the call", "asked in SAFE", "asked in POWER"], rows);
}

/** The risk of an action, or how it depends on what is chosen. */
function riskOf(action: AnyAction): string {
  const { risk } = action;
  if (action.name === "sequence.change") return "as risky as the gravest of its edits";
  if (typeof risk === "string") return `risk \`${risk}\``;
  const chosen = flagsOf(action.input).find((flag) => flag.choices);
  if (!chosen) {
    const plain = risk({});
    const more = flagsOf(action.input).filter(({ key }) => risk({ [key]: "x" }) !== plain);
    return `risk \`${plain}\`${more.map(({ key }) => `, \`${risk({ [key]: "x" })}\` with ${key}`).join("")}`;
  }
  const each = (chosen.choices ?? []).map((choice) => `\`${risk({ [chosen.key]: choice })}\` for ${choice}`);
  return `risk ${each.join(", ")}`;
}

function typeOf(flag: Flag): string {
  if (flag.choices) return flag.choices.map((choice) => `\`${choice}\``).join(" ");
  return {
    text: "text",
    number: "number",
    boolean: "true or false",
    list: "list of texts",
    pairs: "name=value",
    json: "JSON",
  }[flag.kind as Exclude<Flag["kind"], "choice">];
}

function keyTable(flags: readonly Flag[]): string {
  if (flags.length === 0) return "No input.\n";
  const rows = flags.map((flag) => [
    `\`${flag.key}\``,
    typeOf(flag),
    flag.required ? "yes" : "",
    flag.description,
  ]);
  return table(["key", "type", "required", "meaning"], rows);
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}

/** The command lines that lead to a record. */
function commandLines(kind: "action" | "view", name: string, flags: readonly Flag[]): string {
  const specs = grammar.filter((spec) => spec[kind] === name);
  if (specs.length === 0) return "No command of its own.\n";
  const options = [...new Set(specs.flatMap((spec) => ownOptions(spec)))];
  const also =
    options.length > 0 ? `\nIts own flags: ${options.map((flag) => `\`${flag}\``).join(", ")}.\n` : "";
  return `\`\`\`sh\n${specs.map((spec) => usage(spec, flags)).join("\n")}\n\`\`\`\n${also}`;
}

const stepKeys = "What each key means, and whether this version runs it: [files.md](files.md#a-step).\n";

function body(flags: readonly Flag[]): string {
  const example = (flag: Flag) =>
    flag.kind === "list" ? '["…"]' : ["number", "boolean"].includes(flag.kind) ? placeholder(flag) : '"…"';
  return flags
    .filter((flag) => flag.required)
    .map((flag) => `, "${flag.key}": ${example(flag)}`)
    .join("");
}

function describeAction(action: AnyAction): string {
  const flags = flagsOf(action.input);
  const address = addressOfAction(action.name);
  const spoken = flags.filter((flag) => !address.spokenFor.includes(flag.key));
  const content = `{${address.verb ? `"action": "${address.verb}"` : ""}${body(spoken)}}`.replace("{, ", "{");
  return [
    `### ${action.name}\n`,
    `${action.title}; ${riskOf(action)}.\n`,
    commandLines("action", action.name, flags),
    `\`\`\`http\nPOST ${address.path} ${content}\n\`\`\`\n`,
    keyTable(flags),
    ...(flags.some(({ key }) => key === "command") ? [stepKeys] : []),
  ].join("\n");
}

function describeView(view: View): string {
  const flags = flagsOf(view.input);
  const address = addressOfView(view.name, flags);
  return [
    `### ${view.name}\n`,
    `${view.title}.\n`,
    commandLines("view", view.name, flags),
    address === undefined ? "The command line only.\n" : `\`\`\`http\nGET ${address}\n\`\`\`\n`,
    keyTable(flags),
  ].join("\n");
}

/** The page as the registry calls for it today. */
export function renderActions(): string {
  const all = actions as unknown as readonly AnyAction[];
  return [
    intro,
    "## Actions\n",
    "What a call does to the world decides how often a person at a terminal is asked first:\n",
    riskTable(),
    "A step's agent is always asked for (its call becomes a proposal), and may not decide, narrow or widen at all.\n",
    ...all.map(describeAction),
    "## Views\n",
    ...views.map(describeView),
  ].join("\n");
}

/** The HTTP API as the registry calls for it today. */
export function renderOpenApi(): string {
  const text = layOut(openApi(version));
  // A refusal is a row of a table, and reads as one.
  const rows = text.replace(
    /\{\s+("status": \d+),\s+("code": "[^"]+"),\s+("exit": \d+)\s+\}/g,
    "{ $1, $2, $3 }",
  );
  return `${rows}\n`;
}

if (import.meta.main) {
  for (const [page, wanted] of [
    [actionsPage, renderActions()],
    [referencePage, renderReference()],
    [openApiFile, renderOpenApi()],
  ] as const) {
    const path = join(root, page);
    if (!process.argv.includes("--check")) writeFileSync(path, wanted);
    else if (!existsSync(path) || readFileSync(path, "utf8") !== wanted) {
      console.error(`${page} is out of date; write it anew: bun scripts/docs.ts`);
      process.exitCode = 1;
    }
  }
}

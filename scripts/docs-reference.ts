import type { Argument, Command, Option } from "commander";
import { refusalsByExit } from "../lib/core/failure-table";
import { type CommandSpec, grammar, nouns } from "../lib/surfaces/cli/grammar";
import { shapeOf } from "./cli-documents";
import { findCommand } from "./docs-cli";

/** Where the generated page stands, from the root of the repository. */
export const referencePage = "docs/cli-reference.md";

const intro = `# seqctl, command by command

<!-- Written by \`bun scripts/docs.ts\` from lib/surfaces/cli/grammar.ts and the records behind it. Do not edit by hand. -->

Each command with its words and flags, as \`seqctl <command> --help\` says them. The records behind the commands, and the
same over HTTP: [actions.md](actions.md). Keys of a step: [files.md](files.md#a-step).
`;

const meanings: Record<number, string> = {
  0: "done",
  1: "something failed",
  2: "bad input",
  3: "waits for a person",
  4: "denied",
  5: "somebody else changed it",
  6: "the record is corrupt",
  70: "a bug in ThreadOS",
  75: "busy",
};

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}

function exitCodes(): string {
  const refusals = refusalsByExit();
  const rows = Object.entries(meanings).map(([exit, meaning]) => {
    const codes = refusals.get(Number(exit)) ?? [];
    return [exit, meaning, codes.map((code) => `\`${code}\``).join(" ")];
  });
  return `${table(["exit code", "meaning", "refusals"], [...rows, ["130, 143", "ended by Ctrl-C, by TERM", ""]])}
\`run\` and its kin exit with 0 when all they pursued has ended well, 1 when something FAILED, 3 when only a person's
decision is left. 1 is also what \`doctor\` says when something has to be mended.
`;
}

const documents = `With \`--json\` exactly one document stands on standard output, on one line. Of a refusal, whatever the command:
\`{"error": {"code", "message", "hint", …}, "code"}\`. Of a success: the keys named with the command; those in brackets are
there only sometimes. What a change prints (\`action\`, \`summary\`, \`changed\`, …) is the same for all of them. Commands that
stay with a run print its status when it has ended; with \`--detach\` or \`--dry-run\` they print what a change prints.
`;

const flagRow = (option: Option) => [`\`${option.flags}\``, option.description];
const wordOf = (argument: Argument) => {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

function describe(spec: CommandSpec, command: Command): string {
  const words = command.registeredArguments;
  const usage = [
    "seqctl",
    spec.words,
    ...words.map(wordOf),
    ...(command.options.length > 0 ? ["[options]"] : []),
  ];
  const shape = shapeOf(spec.words, spec.action !== undefined);
  const also = (shape?.also ?? []).map((key) => `[\`${key}\`]`);
  const keys = [...(shape?.keys ?? []).map((key) => `\`${key}\``), ...also].join(" ");
  const record = spec.action ?? spec.view;
  return [
    `### seqctl ${spec.words}\n`,
    `${command.description()}.${record ? ` Record: [${record}](actions.md#${record.replaceAll(".", "")}).` : ""}\n`,
    `\`\`\`text\n${usage.join(" ")}\n\`\`\`\n`,
    ...(words.length > 0
      ? [
          table(
            ["word", "meaning"],
            words.map((word) => [`\`${wordOf(word)}\``, word.description]),
          ),
        ]
      : []),
    ...(command.options.length > 0 ? [table(["flag", "meaning"], command.options.map(flagRow))] : []),
    ...(keys === "" ? [] : [`\`--json\`: ${keys}\n`]),
  ].join("\n");
}

/** The page as the grammar calls for it today. */
export function renderReference(): string {
  const program = findCommand([]);
  if (!program) throw new Error("there is no program");
  const shown = grammar.filter((spec) => !spec.hidden);
  const sections: string[] = [];
  for (const spec of shown) {
    const [noun = ""] = spec.words.split(" ");
    const command = findCommand(spec.words.split(" "));
    if (!command) throw new Error(`the program has no command '${spec.words}'`);
    const isFirst = shown.find((other) => other.words.split(" ")[0] === noun) === spec;
    if (isFirst && nouns[noun] !== undefined) sections.push(`## ${noun}\n`, `${nouns[noun]}.\n`);
    else if (isFirst) sections.push(`## ${noun}\n`);
    sections.push(describe(spec, command));
  }
  return [
    intro,
    "## Everywhere\n",
    table(
      ["flag", "meaning"],
      [...program.options.map(flagRow), ["`-h, --help`", "say what a command takes"]],
    ),
    "`seqctl run` alone is `seqctl run all`.\n",
    "### Exit codes\n",
    exitCodes(),
    "### Documents\n",
    documents,
    ...sections,
  ].join("\n");
}

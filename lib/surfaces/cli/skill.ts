import type { Command } from "commander";
import { grammar } from "./grammar";
import { addCommands, newProgram } from "./program";

/** The skill file that teaches an agent this program: rules by hand, commands as the grammar and the registry have them. */
export async function skill(version: string): Promise<string> {
  const program = newProgram(version, true, {});
  const shown = grammar.filter((spec) => !spec.hidden);
  await addCommands(program, shown, () => undefined);
  const lines = program.commands.flatMap((command) => describe(command, "seqctl"));
  return `${lead}\n## Commands\n\n${lines.join("\n")}\n${tail}`;
}

function describe(command: Command, before: string): string[] {
  const words = `${before} ${command.name()}`;
  if (command.commands.length > 0) return command.commands.flatMap((each) => describe(each, words));
  const places = command.registeredArguments.map((argument) => {
    const word = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? ` <${word}>` : ` [${word}]`;
  });
  const own = command.options.filter((option) => !option.hidden).map((option) => `\`${option.flags}\``);
  const flags = own.length > 0 ? `; ${own.join(" ")}` : "";
  return [`- \`${words}${places.join("")}\`: ${command.description()}${flags}`];
}

const lead = `---
name: threados
description: "Read and change a ThreadOS workspace (a folder with .threados/) with seqctl: see where steps stand and why, read logs, propose steps, gates and runs that a person approves. Use it when the repository has a .threados folder, or when asked to plan or run work as threads, steps or gates."
---

# seqctl

ThreadOS runs a graph of *steps* (an agent's task or a command) and *gates* (a person decides). The graph is one file,
\`.threados/sequence.yaml\`; a *run* is one pass over it, an *attempt* one execution of a step.

## Rules for agents

1. Read freely: \`seqctl status --json\`, \`seqctl why <id>\`, \`seqctl logs <id>\`. Always add \`--json\` and read that.
2. Never write below \`.threados/\` yourself. Every change goes through seqctl, which checks, asks and records it.
3. Look before you ask: \`--dry-run\` says what a change would do, or why it can't be.
4. Exit code 3 means that nothing has changed and a person has to agree. Where \`error.proposal\` names a proposal, tell your
   human what it does and that \`seqctl approve <id>\` applies it. Don't repeat the call and don't wait in a loop.
5. Approving, rejecting, passing a gate and switching modes are your human's, and so is \`--yes\`. Inside a step every change
   you ask for becomes a proposal, and the rest is refused (exit 4, \`agent.forbidden\`) and recorded; but a boss (\`type: b\`) adds
   and runs workers of its own at once, and a watchdog restarts what it watches. Outside a step seqctl
   can't tell you from your human: keep to the same rules, or use \`seqctl mcp\`, which holds you to them.
6. A refusal is \`{"error": {"code", "message", "hint"}, "code"}\`. Codes are stable; mend what the message names.

Exit codes: 0 done, 1 something failed, 2 bad input, 3 waits for a person, 4 denied, 5 changed meanwhile (read again),
6 damaged record (tell your human), 75 busy (try again later).

Everywhere: \`-C <dir>\` names the workspace's folder, \`--json\` prints one document.
`;

const tail = `
\`seqctl <command> --help\` explains each flag. The same can be had over MCP: \`seqctl mcp --print-config\`.

## A change from beginning to end

    seqctl status --json
    seqctl step add lint --command '["npm","run","lint"]' --depends-on build --dry-run --json
    seqctl step add lint --command '["npm","run","lint"]' --depends-on build --json
    seqctl inbox --json

The last one lists what still waits for a person.

Inside a step, results are handed on by files in \`$THREADOS_OUTPUT_DIR\`; \`output.json\` there is read by later steps.
`;

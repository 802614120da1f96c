import { type GetPromptResult, McpError, type Prompt } from "@modelcontextprotocol/sdk/types.js";
import { type AnyAction, actions } from "../../core/actions";
import { views } from "../../core/views/view";
import { takesPerson, toolName } from "./tools";

/** What every client is told when it connects. */
export const instructions =
  "ThreadOS runs a graph of steps (coding agents and commands) and gates (a person decides). Read with `status`, `why`, `logs`, `sequence`. Each change you ask for becomes a proposal that a person approves; look first with dry_run. You can't approve anything. The prompt `threados_guide` says more.";

/** The prompts that teach the tool. */
export const prompts: Prompt[] = [
  {
    name: "threados_guide",
    title: "How to work with ThreadOS",
    description: "What it is, how to propose changes, and what an agent can't do",
  },
  {
    name: "plan_work",
    title: "Plan a piece of work as steps and gates",
    description: "Turns a goal into proposed steps",
    arguments: [{ name: "goal", description: "what is to be achieved", required: true }],
  },
];

/** A prompt with its arguments filled in. */
export function getPrompt(name: string, given: Record<string, string>): GetPromptResult {
  switch (name) {
    case "threados_guide":
      return say(guide());
    case "plan_work": {
      const goal = given.goal?.trim();
      if (!goal) throw new McpError(-32_602, "plan_work needs 'goal'");
      return say(`${guide()}\n\n${plan(goal)}`);
    }
    default:
      throw new McpError(-32_602, `there is no prompt '${name.slice(0, 100)}'`);
  }
}

const say = (text: string): GetPromptResult => ({
  messages: [{ role: "user", content: { type: "text", text } }],
});

const namesOf = (wanted: (action: AnyAction) => boolean) =>
  (actions as unknown as readonly AnyAction[])
    .filter(wanted)
    .map(({ name }) => `\`${toolName(name)}\``)
    .join(", ");

function guide(): string {
  const reads = views.map(({ name }) => `\`${toolName(name)}\``).join(", ");
  return `# ThreadOS for agents

ThreadOS runs threads of work. A *sequence* is a graph of *steps* (an agent's task or a command) and *gates* (a person
decides), kept in one file, .threados/sequence.yaml. A *run* is one pass over it; an *attempt* is one execution of a
step. Never write below .threados yourself: everything goes through these tools, and everything is recorded.

## Reading is free
${reads}. Start with \`status\`; \`why\` says in one sentence what a step waits for. Logs and artifacts are
resources too: threados://runs/{run}/{step}/{attempt}/{file}, and the file itself is threados://sequence.

## Changing means proposing
${namesOf((action) => !takesPerson(action))}.
Call with \`dry_run: true\` first: it says what would happen, or why it can't. Without it the call becomes a proposal:
the result's code is \`approval.pending\` and names the proposal. Nothing has changed then. Tell your human what you
proposed and why, and that \`seqctl approve <id>\` applies it; don't call it again, and don't wait in a loop.
A refusal has a stable code, a message and often a hint: mend what it names.

## What you can't do
${namesOf(takesPerson)} take a person. They are refused with \`agent.forbidden\`, and each try is on record.
Don't look for ways around it: ask your human.`;
}

const plan = (goal: string) => `# The task

Plan this as steps of ThreadOS:

${goal}

1. Read \`status\` and \`sequence\`; use what is there already.
2. Cut the work into steps that can be checked one by one. Let what is independent run side by side: \`depends_on\` names
   only what a step really needs. Give each a short id, a name a person understands, and a command or a prompt.
3. Put a gate (\`gate_insert\`) before anything that can't be taken back, and let it show what the person has to judge.
4. Try each call with \`dry_run: true\`, then propose them in the order in which they depend on each other. A step can
   only depend on what exists: where a proposal needs another one approved first, stop there and say so.
5. Tell your human the whole plan in a few lines, with the ids of the proposals and the commands that approve them.`;

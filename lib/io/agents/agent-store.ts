import * as fs from "node:fs";
import { dirname, join, relative } from "node:path";
import { err, ok } from "../../core/result";
import { promptPathOf } from "../../core/sequence/effective";
import type { Step } from "../../core/sequence/schema";
import type { AgentStore } from "../../runtime/agent-ports";
import { agentNames } from "./agent-files";
import { readPrompt } from "./prompt";
import { agentArgv } from "./start";

const promptPath = /^prompts\/(?:[A-Za-z0-9][A-Za-z0-9._-]*\/)*[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The agents of the workspace in `root`, and the prompts below its `.threados`. */
export function agentStore(root: string): AgentStore {
  const pathOf = (step: Step) => join(root, ".threados", promptPathOf(step));
  return {
    argv: (sequence, step, told) => agentArgv(root, sequence, step, told),
    names: () => agentNames(`${root}/.threados`),
    // Loaded when first asked for: it starts processes, which nobody else here does.
    list: async () => (await import("./probe")).probeAgents(root),
    prompt: (step) => readPrompt(root, step),
    checkPrompt: (step) => {
      const name = promptPathOf(step);
      const unusable = (problem: string, hint: string) =>
        err({ code: "prompt.unusable", id: step.id, path: `.threados/${name}`, problem, hint });
      if (!promptPath.test(name)) {
        const other = `seqctl step edit ${step.id} --prompt prompts/${step.id}.md`;
        return unusable("is not below .threados/prompts", `name another file: ${other}`);
      }
      // From the file up to `.threados`: nothing on the way may lead elsewhere.
      for (let at = pathOf(step); at !== join(root, ".threados"); at = dirname(at)) {
        const stat = fs.lstatSync(at, { throwIfNoEntry: false });
        const fits = at === pathOf(step) ? stat?.isFile() : stat?.isDirectory();
        if (stat && !fits) {
          const what = relative(root, at);
          return unusable(
            `can't be written: ${what} is a link, or stands in the way`,
            `remove ${what}, and repeat it`,
          );
        }
      }
      return ok(null);
    },
  };
}

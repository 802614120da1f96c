import * as fs from "node:fs";
import { join } from "node:path";
import type { Making, Workspace } from "./workspace";

/** The scripted agent that speaks Claude Code's stream. */
export const fakeClaude = join(import.meta.dir, "..", "fixtures", "agents", "fake-claude");

/** One call of the scripted agent, as it saw it. */
export interface Called {
  argv: string[];
  prompt: string;
  env: Record<string, string>;
}

/** A workspace's scripted agent, found as `claude` on the PATH of `env`. */
export class FakeAgent {
  private readonly folder: string;
  readonly env: Record<string, string>;

  /** `answers` are pieces of shell code in the words of fake-claude; further calls succeed. */
  constructor(at: Workspace, answers: string[] = []) {
    this.folder = join(at.home, "fake");
    const bin = join(at.home, "bin");
    fs.mkdirSync(this.folder);
    fs.mkdirSync(bin);
    fs.symlinkSync(fakeClaude, join(bin, "claude"));
    for (const [index, text] of answers.entries())
      fs.writeFileSync(join(this.folder, String(index + 1)), text);
    // The adapter hands on what it names; the script's folder goes by a step's own env.
    this.env = { PATH: `${bin}:${at.env.PATH}`, ANTHROPIC_API_KEY: "test-key-of-claude" };
  }

  /** The `env:` that a step needs to reach its script. */
  get own(): Record<string, string> {
    return { FAKE_CLAUDE: this.folder };
  }

  calls(): Called[] {
    const names = fs.readdirSync(this.folder).filter((name) => name.startsWith("call-"));
    const read = (call: number, name: string) =>
      fs.readFileSync(join(this.folder, `call-${call}`, name), "utf8");
    return names.map((_, index) => ({
      argv: read(index + 1, "argv")
        .split("\n")
        .slice(0, -1),
      prompt: read(index + 1, "prompt"),
      env: Object.fromEntries(
        read(index + 1, "env")
          .split("\n")
          .map((line) => {
            const at = line.indexOf("=");
            return [line.slice(0, at), line.slice(at + 1)];
          }),
      ),
    }));
  }
}

/** A workspace whose steps are run by the scripted agent, each with a prompt. */
export async function agentWorkspace(
  make: (making: Making) => Promise<Workspace>,
  steps: { id: string; [key: string]: unknown }[],
  answers: string[] = [],
  more: Making = {},
): Promise<{ at: Workspace; agent: FakeAgent }> {
  const at = await make({ ...more, steps: [] });
  const agent = new FakeAgent(at, answers);
  const whole = steps.map((step) =>
    "command" in step
      ? step
      : { model: "claude-code", ...step, env: { ...agent.own, ...(step.env as object) } },
  );
  const { stringify } = await import("yaml");
  const { steps: _, rules: __, ...rest } = more;
  at.write(".threados/sequence.yaml", stringify({ version: 1, name: "rig", ...rest, steps: whole }));
  for (const { id } of steps) at.write(`.threados/prompts/${id}.md`, `Do ${id}.\n`);
  return { at, agent };
}

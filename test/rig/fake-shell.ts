import { err, type Result } from "../../lib/core/result";
import { main } from "../../lib/surfaces/cli/main";
import type { Shell } from "../../lib/surfaces/cli/shell";
import {
  checkDefinition,
  examine,
  initWorkspace,
  lackingSecrets,
  openWorkspace,
  type Threados,
} from "../../lib/threados";
import { seqctlArgv } from "./seqctl";
import type { Workspace } from "./workspace";

/** What a test may set of the outside that a command line sees. */
export type Setting = Partial<Omit<Shell, "argv" | "out" | "err">> & {
  /** Answers to questions, in order, null for Ctrl-D; an unexpected question fails the test. */
  answers?: (string | null)[];
  /** Told of each piece printed on stdout. */
  onOut?: (text: string) => void;
};

/** What one command line printed and asked in this very process. */
export interface Said {
  exit: number;
  out: string;
  err: string;
  questions: string[];
}

const nowhere: Result<never> = err({ code: "workspace.missing", from: "nowhere" });

/** Runs a command line in this process, with the world outside of it made up. */
export async function say(argv: string[], setting: Setting = {}): Promise<Said> {
  const { answers = [], onOut, ...rest } = setting;
  const said: Said = { exit: -1, out: "", err: "", questions: [] };
  const shell: Shell = {
    argv,
    cwd: "/",
    env: {},
    version: "1.2.3",
    out: (text) => {
      said.out += text;
      onOut?.(text);
    },
    err: (text) => {
      said.err += text;
    },
    outIsTerminal: false,
    canAsk: false,
    columns: 100,
    ask: async (question) => {
      said.questions.push(question);
      const answer = answers.shift();
      if (answer === undefined) throw new Error(`an unexpected question: ${question}`);
      return answer ?? undefined;
    },
    now: Date.now,
    warm: async () => undefined,
    open: async () => nowhere,
    init: async () => nowhere,
    runEngine: async () => nowhere,
    runInWorktree: async () => -1,
    serveDoor: async () => undefined,
    serve: async () => nowhere,
    served: async () => undefined,
    openBrowser: () => undefined,
    machine: { check: checkDefinition, examine, lackingSecrets },
    terminal: { hold: async () => 0, visit: async () => undefined },
    mprocs: {
      config: async () => "",
      open: async () => nowhere,
      select: async () => nowhere,
      wake: async () => false,
    },
    mcp: {
      serve: async () => undefined,
      config: async () => ({ config: {}, tools: 0, digest: "" }),
    },
    ...rest,
  };
  said.exit = await main(shell);
  return said;
}

/** The same in a workspace: a person at a terminal that shows no colours. */
export async function sayIn(at: Workspace, argv: string[], setting: Setting = {}): Promise<Said> {
  const program = await seqctlArgv();
  return say(argv, {
    cwd: at.root,
    canAsk: true,
    outIsTerminal: true,
    env: { NO_COLOR: "1" },
    open: async (dir) => openWorkspace(dir, ["/usr/bin/env", ...envOf(at), ...program]),
    init: async (dir, options) => initWorkspace(dir, options),
    ...setting,
  });
}

/** The workspace opened in this process; the engines it starts live in the workspace's own environment. */
export async function opened(at: Workspace): Promise<Threados> {
  const found = openWorkspace(at.root, ["/usr/bin/env", ...envOf(at), ...(await seqctlArgv())]);
  if (!found.ok) throw new Error(JSON.stringify(found.failure));
  return found.value;
}

const envOf = (at: Workspace) => Object.entries(at.env).map(([name, value]) => `${name}=${value}`);

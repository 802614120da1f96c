/** How one command line maps to an action or a view. Flags and help come from its schema. */
export interface CommandSpec {
  /** The words that name it. */
  words: string;
  action?: string;
  view?: string;
  /** Input that the words themselves say. */
  fixed?: Record<string, unknown>;
  /** Input keys given without a flag; overrides the record's own. */
  positional?: readonly string[];
  /** Input keys that no flag is made for. */
  without?: readonly string[];
  /** What the command does besides one call; says its own title. */
  special?:
    | "init"
    | "engine.run"
    | "engine.stop"
    | "engine.door"
    | "ui"
    | "mcp"
    | "skill"
    | "worktree.run"
    | "engine.watch"
    | "attach"
    | "mprocs.open"
    | "mprocs.select"
    | "mprocs.start"
    | "mprocs.watch"
    | "audit.export"
    | "audit.accept"
    | "chat";
  /** A command that needs no workspace; says its own title. */
  aside?: "validate" | "schema" | "doctor" | "bash" | "zsh" | "fish" | "words" | "exec-step";
  /** The input key that takes the operands, each word as it stands. */
  rest?: string;
  /** Words after such a command. */
  operands?: readonly { name: string; description: string; choices?: readonly string[] }[];
  title?: string;
  hidden?: boolean;
}

const selectors = ["from", "to", "only", "tags"];

/** The whole grammar, in the order in which help shows it. */
export const grammar: readonly CommandSpec[] = [
  { words: "init", special: "init", title: "Make a workspace in this folder" },
  { words: "status", view: "status" },
  {
    words: "run all",
    action: "run.start",
    fixed: { scope: "all" },
    without: ["id"],
    title: "Run the whole sequence, through gates as they get approved",
  },
  {
    words: "run runnable",
    action: "run.start",
    fixed: { scope: "runnable" },
    without: ["id", ...selectors],
    title: "Start what is ready this moment, nothing else",
  },
  {
    words: "run step",
    action: "run.start",
    fixed: { scope: "step" },
    without: selectors,
    positional: ["id"],
    title: "Run one step",
  },
  {
    words: "run group",
    action: "run.start",
    fixed: { scope: "group" },
    without: selectors,
    positional: ["id"],
    title: "Run the members of a group that are ready",
  },
  { words: "stop", action: "run.stop" },
  { words: "restart", action: "step.restart" },
  { words: "rerun", action: "step.rerun" },
  { words: "cancel", action: "run.cancel" },
  { words: "why", view: "why" },
  { words: "logs", view: "logs" },
  {
    words: "attach",
    special: "attach",
    operands: [{ name: "<id>", description: "id of the step" }],
    title: "Sit down at a step: its terminal, or its output as it comes",
  },
  { words: "artifacts", view: "artifacts" },
  { words: "artifact", view: "artifact" },
  { words: "step add", action: "step.add" },
  { words: "step edit", action: "step.edit" },
  { words: "step rm", action: "step.rm" },
  { words: "step clone", action: "step.clone" },
  { words: "step show", view: "step" },
  { words: "dep add", action: "dep.add" },
  { words: "dep rm", action: "dep.rm" },
  { words: "gate insert", action: "gate.insert" },
  { words: "gate approve", action: "gate.approve" },
  { words: "gate block", action: "gate.block" },
  { words: "gate edit", action: "gate.edit" },
  { words: "gate rm", action: "gate.rm" },
  { words: "gate reject", action: "gate.reject" },
  { words: "gate list", view: "gate.list" },
  { words: "gate show", view: "gate.show" },
  { words: "group parallelize", action: "group.parallelize" },
  { words: "group list", view: "group.list" },
  { words: "fusion create", action: "fusion.create" },
  { words: "fusion compare", view: "fusion.compare" },
  { words: "fusion pick", action: "fusion.pick" },
  { words: "template list", view: "template.list" },
  { words: "template show", view: "template.show" },
  { words: "template apply", action: "template.apply" },
  { words: "prompt edit", action: "prompt.edit" },
  { words: "prompt show", view: "prompt" },
  { words: "layout show", view: "layout" },
  { words: "layout place", action: "layout.place" },
  { words: "agents list", view: "agents.list" },
  { words: "inbox", view: "inbox" },
  { words: "approve", action: "proposal.approve" },
  { words: "reject", action: "proposal.reject" },
  { words: "undo", action: "sequence.undo" },
  { words: "redo", action: "sequence.redo" },
  { words: "change", action: "sequence.change" },
  { words: "sequence edit", action: "sequence.edit" },
  { words: "write", action: "sequence.write" },
  { words: "diff", view: "sequence.diff" },
  { words: "runs list", view: "runs.list" },
  { words: "runs show", view: "runs.show" },
  { words: "runs diff", view: "runs.diff" },
  {
    words: "validate",
    aside: "validate",
    operands: [{ name: "[file]", description: "a sequence; the workspace's own if left out" }],
    title: "Say whether a sequence is valid, and where it is not",
  },
  {
    words: "schema",
    aside: "schema",
    operands: [{ name: "[name]", description: "of which file", choices: ["sequence", "policy"] }],
    title: "Print the JSON Schema of sequence.yaml or policy.yaml, for editors",
  },
  { words: "doctor", aside: "doctor", title: "Look for what could keep ThreadOS from working here" },
  {
    words: "completion bash",
    aside: "bash",
    title: "Print the script that completes seqctl's words in bash",
  },
  { words: "completion zsh", aside: "zsh", title: "The same for zsh" },
  { words: "completion fish", aside: "fish", title: "The same for fish" },
  {
    words: "completion words",
    aside: "words",
    operands: [{ name: "[words...]", description: "the words so far, behind --" }],
    title: "Print what the last word could become",
    hidden: true,
  },
  { words: "audit tail", view: "audit.tail" },
  { words: "audit read", view: "audit.read" },
  { words: "audit verify", view: "audit.verify" },
  {
    words: "audit export",
    special: "audit.export",
    title: "Write the audit log out, as it stands or as one document that says what it proves",
  },
  {
    words: "audit accept",
    special: "audit.accept",
    title: "Go on with an audit log that was cut, deleted, replaced, spoilt or changed, and record that",
  },
  { words: "policy show", view: "policy.show" },
  {
    words: "policy explain",
    view: "policy.explain",
    without: ["command"],
    rest: "command",
    operands: [
      {
        name: "[words...]",
        description: "the command, behind --; one word with blanks is a line for the shell",
      },
    ],
  },
  { words: "policy test", view: "policy.test", without: ["policy"] },
  { words: "policy mode", action: "policy.mode" },
  { words: "policy sandbox", action: "policy.sandbox" },
  { words: "engine status", view: "engine.status" },
  { words: "engine stop", special: "engine.stop", title: "Ask the engine to leave; what runs goes on" },
  {
    words: "engine run",
    special: "engine.run",
    title: "Be the engine of this workspace, in the foreground",
    hidden: true,
  },
  {
    words: "engine door",
    special: "engine.door",
    title: "Answer the steps in sandboxes, for the engine",
    hidden: true,
  },
  { words: "worktree list", view: "worktree.list" },
  { words: "worktree gc", action: "worktree.gc" },
  {
    words: "worktree run",
    special: "worktree.run",
    operands: [{ name: "<folder>", description: "the attempt's folder" }],
    title: "Be an attempt in its worktree",
    hidden: true,
  },
  { words: "mprocs open", special: "mprocs.open", title: "Open mprocs with a pane for each step" },
  {
    words: "mprocs select",
    special: "mprocs.select",
    operands: [{ name: "<id>", description: "id of the step" }],
    title: "Select a step's pane",
  },
  {
    words: "mprocs start",
    special: "mprocs.start",
    operands: [{ name: "<id>", description: "id of the step" }],
    title: "What a pane does when a person starts it again",
    hidden: true,
  },
  {
    words: "mprocs watch",
    special: "mprocs.watch",
    title: "Tell the panes what to show",
    hidden: true,
  },
  {
    words: "exec-step",
    aside: "exec-step",
    operands: [
      { name: "<socket>", description: "where it can be reached" },
      { name: "<command...>", description: "what to run, behind --" },
    ],
    title: "Hold a terminal for a step's command",
    hidden: true,
  },
  {
    words: "engine watch",
    special: "engine.watch",
    title: "Be the watchdog of a step, inside of one",
    hidden: true,
  },
  {
    words: "chat",
    special: "chat",
    operands: [
      {
        name: "[message...]",
        description: "what you want, in plain words; without it, what could be said now",
      },
    ],
    title: "Say what you want; look at the change it proposes, and apply it",
  },
  { words: "ui", special: "ui", title: "Serve the workbench and open it in the browser" },
  { words: "mcp", special: "mcp", title: "Serve MCP to an agent on standard input and output" },
  { words: "skill", special: "skill", title: "Print the skill file that teaches an agent seqctl" },
];

/** What the nouns are about, for help. */
export const nouns: Record<string, string> = {
  run: "Run the sequence, or a part of it",
  sequence: "What holds for the whole sequence",
  step: "Add, change, copy, show and remove steps",
  dep: "Say what waits for what",
  gate: "Add, change and remove gates, and decide at them",
  group: "Run steps side by side, as one group",
  fusion: "Let several attempts at one task be joined into one result",
  template: "Put whole pieces of work into the sequence",
  prompt: "Write and show what agents are told",
  layout: "Where steps and gates stand on the canvas",
  agents: "The agents that can run steps",
  runs: "Look at this run and earlier ones",
  audit: "Read and verify the record of who did what",
  policy: "Show and change the rules",
  worktree: "The folders in which isolated steps work",
  mprocs: "A window with a pane for each step",
  engine: "The process that runs the steps",
  completion: "Let a shell complete seqctl's words",
};

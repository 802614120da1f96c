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
  special?: "init" | "engine.run" | "engine.stop" | "ui";
  title?: string;
  hidden?: boolean;
}

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
    without: ["id"],
    title: "Start what is ready this moment, nothing else",
  },
  {
    words: "run step",
    action: "run.start",
    fixed: { scope: "step" },
    positional: ["id"],
    title: "Run one step",
  },
  {
    words: "run group",
    action: "run.start",
    fixed: { scope: "group" },
    positional: ["id"],
    title: "Run the members of a group that are ready",
  },
  { words: "stop", action: "run.stop" },
  { words: "restart", action: "step.restart" },
  { words: "why", view: "why" },
  { words: "logs", view: "logs" },
  { words: "artifacts", view: "artifacts" },
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
  { words: "gate list", view: "gate.list" },
  { words: "inbox", view: "inbox" },
  { words: "approve", action: "proposal.approve" },
  { words: "reject", action: "proposal.reject" },
  { words: "undo", action: "sequence.undo" },
  { words: "redo", action: "sequence.redo" },
  { words: "audit tail", view: "audit.tail" },
  { words: "audit read", view: "audit.read" },
  { words: "audit verify", view: "audit.verify" },
  { words: "policy show", view: "policy.show" },
  { words: "policy mode", action: "policy.mode" },
  { words: "engine status", view: "engine.status" },
  { words: "engine stop", special: "engine.stop", title: "Ask the engine to leave; what runs goes on" },
  {
    words: "engine run",
    special: "engine.run",
    title: "Be the engine of this workspace, in the foreground",
    hidden: true,
  },
  { words: "ui", special: "ui", title: "Serve the workbench and open it in the browser" },
];

/** What the nouns are about, for help. */
export const nouns: Record<string, string> = {
  run: "Run the sequence, or a part of it",
  step: "Add, change, copy, show and remove steps",
  dep: "Say what waits for what",
  gate: "Add gates and decide at them",
  audit: "Read and verify the record of who did what",
  policy: "Show and change the rules",
  engine: "The process that runs the steps",
};

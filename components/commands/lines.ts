/** Where a command line says an action in other words than `noun verb`. */
const otherWords: Record<string, string> = {
  "run.start": "run",
  "run.stop": "stop",
  "run.cancel": "cancel",
  "step.restart": "restart",
  "step.rerun": "rerun",
  "sequence.undo": "undo",
  "sequence.redo": "redo",
  "sequence.change": "change",
  "sequence.write": "write",
  "proposal.approve": "approve",
  "proposal.reject": "reject",
};

/** How a command line names an action: `step add` for `step.add`. */
export function wordsOf(action: string): string {
  return otherWords[action] ?? action.replace(".", " ");
}

/** The command line that an action is, with what it has to be told. */
export function lineOf(action: string, positional: readonly string[] = []): string {
  return ["seqctl", wordsOf(action), ...positional.map((key) => `<${key}>`)].join(" ");
}

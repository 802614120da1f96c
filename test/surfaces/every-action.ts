import type { Doc } from "../rig/workspace";

/** One call of each action, as a command line and as an input. */
export interface Call {
  action: string;
  argv: string[];
  input: Doc;
}

const call = (action: string, argv: string, input: Doc): Call => ({ action, argv: argv.split(" "), input });

const change = [{ action: "dep.add", input: { step: "d", dep: "h" } }];

const written = `version: 1
name: written
steps:
  - { id: a, command: ["true"] } # a comment
  - { id: b, command: ["true"] }
gates:
  - { id: g, name: G, depends_on: [a] }
`;

/** In an order in which each finds what it is about; some are refused, and that is recorded too. */
export const calls: Call[] = [
  { action: "sequence.write", argv: ["write", written], input: { text: written } },
  call("sequence.edit", "sequence edit --name renamed", { name: "renamed" }),
  call("step.add", "step add c", { id: "c" }),
  call("step.edit", "step edit c --name C", { id: "c", name: "C" }),
  call("step.clone", "step clone c d", { id: "c", new: "d" }),
  call("dep.add", "dep add d c", { step: "d", dep: "c" }),
  call("dep.rm", "dep rm d c", { step: "d", dep: "c" }),
  call("gate.insert", "gate insert h --name H", { id: "h", name: "H" }),
  call("gate.edit", "gate edit h --name Hm", { id: "h", name: "Hm" }),
  {
    action: "sequence.change",
    argv: ["change", "--calls", JSON.stringify(change)],
    input: { calls: change },
  },
  call("gate.rm", "gate rm h", { id: "h" }),
  call("group.parallelize", "group parallelize c d --group-id g1", { ids: ["c", "d"], group_id: "g1" }),
  call("fusion.create", "fusion create --candidates c,d --synth f", { candidates: ["c", "d"], synth: "f" }),
  call("template.apply", "template apply base --id x", { type: "base", id: "x" }),
  call("prompt.edit", "prompt edit c --text hello", { id: "c", text: "hello" }),
  call("sequence.undo", "undo", {}),
  call("sequence.redo", "redo", {}),
  call("step.rm", "step rm x", { id: "x" }),
  call("run.start", "run step a --detach", { scope: "step", id: "a" }),
  call("step.restart", "restart b --detach", { id: "b" }),
  call("step.rerun", "rerun b --detach", { id: "b" }),
  call("gate.approve", "gate approve g", { id: "g" }),
  call("gate.block", "gate block g", { id: "g" }),
  call("gate.reject", "gate reject g --reason no", { id: "g", reason: "no" }),
  call("fusion.pick", "fusion pick c", { candidate: "c" }),
  call("worktree.gc", "worktree gc", {}),
  call("run.stop", "stop c", { id: "c" }),
  call("run.cancel", "cancel", {}),
  call("proposal.approve", "approve 01JUNKNOWN", { id: "01JUNKNOWN" }),
  call("proposal.reject", "reject 01JUNKNOWN", { id: "01JUNKNOWN" }),
  call("policy.mode", "policy mode POWER", { mode: "POWER" }),
  call("policy.sandbox", "policy sandbox off", { sandbox: "off" }),
];

/** The address and the body by which HTTP says the same. */
export function asRequest({ action, input }: Call): [path: string, body: Doc] {
  const [noun, verb] = action.split(".");
  if (action === "run.start") {
    const { scope, ...rest } = input;
    return ["/api/run", { action: scope, ...rest }];
  }
  if (action === "run.stop") return ["/api/stop", input];
  if (action === "step.restart") return ["/api/restart", input];
  return [`/api/${noun}`, { action: verb, ...input }];
}

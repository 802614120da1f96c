import type { FailureCode } from "../../core/failure";
import { numbersOf } from "../../core/failure-table";
import type { ViewName } from "../../core/views/view";

type Codes = readonly FailureCode[];

/** What a text in YAML can be refused for before anybody asks what it says. */
const text: Codes = [
  "file.unreadable",
  "sequence.syntax",
  "sequence.encoding",
  "sequence.too_large",
  "sequence.forbidden",
  "sequence.duplicate_key",
];
/** What a sequence can be refused for. */
const definition: Codes = [
  ...text,
  "file.missing",
  "sequence.empty",
  "sequence.unknown_key",
  "sequence.invalid",
  "sequence.version",
  "id.invalid",
  "id.reserved",
  "id.taken",
  "dep.unknown",
  "dep.cycle",
];
const policy: Codes = [...text, "policy.invalid"];
const journal: Codes = ["journal.corrupt", "run.unknown"];
/** What stands in the way of looking at how things stand. */
const standing: Codes = [...definition, ...policy, ...journal];
/** The files of an attempt. */
const attempt: Codes = [...standing, "artifact.unknown", "step.never_ran", "step.unknown"];
/** What starting a step needs. */
const start: Codes = [
  "step.no_command",
  "step.two_ways",
  "agent.unknown",
  "agents.invalid",
  "prompt.missing",
  "prompt.unusable",
  "watchdog.limit",
  "step.blocked",
  "step.running",
];

/** What every address can answer with. */
export const everywhere: Codes = [
  "server.refused",
  "internal",
  "io.failed",
  "door.closed",
  "workspace.missing",
];

/** What any question can be refused for. */
const question: Codes = [...everywhere, "input.invalid", "action.unknown"];

/** Why each view can be refused, besides what holds for any question. */
const views: { [N in ViewName]: Codes } = {
  status: standing,
  sequence: standing,
  "sequence.problems": [],
  "sequence.diff": [...definition, "revision.unknown", "revision.missing", "revision.broken", "diff.nothing"],
  "sequence.text": ["file.missing", "file.unreadable", "sequence.too_large", "sequence.encoding"],
  "sequence.history": [],
  step: [...standing, "step.unknown"],
  why: [...standing, "step.unknown"],
  prompt: [...standing, "step.unknown", "prompt.unusable"],
  layout: [],
  "agents.list": [...text, "agents.invalid"],
  "gate.list": standing,
  "gate.show": [...standing, "gate.unknown"],
  "group.list": standing,
  "fusion.compare": [...standing, "fusion.unknown"],
  "worktree.list": standing,
  "template.list": [],
  "template.show": [...text, "file.missing", "template.unknown", "template.invalid"],
  logs: attempt,
  "logs.lines": attempt,
  "logs.search": attempt,
  artifacts: attempt,
  artifact: attempt,
  events: journal,
  "runs.list": [],
  "runs.show": [...standing, "run.none", "revision.missing"],
  "runs.replay": [...journal, "run.none"],
  "runs.diff": [...standing, "run.none", "revision.missing"],
  "audit.read": [],
  "audit.tail": [],
  "audit.find": [],
  "audit.verify": ["audit.corrupt", "journal.changed", "lock.busy", "io.failed"],
  inbox: standing,
  "policy.show": policy,
  "policy.explain": [...policy, ...start, "step.unknown"],
  "policy.test": policy,
  "engine.status": [],
};

/** What the door itself refuses, whatever the action is. */
const door: Codes = [
  ...question,
  ...standing,
  "lock.busy",
  "io.failed",
  "token.stale",
  "agent.forbidden",
  "policy.denied",
  "confirm.required",
  "confirm.stale",
  "approval.pending",
  "audit.corrupt",
  "engine.failed",
  "engine.busy",
];
const edit: Codes = ["step.running", "orchestrator.limit", "revision.stale"];
const history: Codes = ["undo.nothing", "undo.other_actor", "undo.pick", "revision.missing", "step.running"];
const template: Codes = ["template.unknown", "template.invalid"];
const sideBySide: Codes = ["step.unknown", "group.dependent"];

/** Why each action can be refused, besides what the door itself refuses. */
const own: { [action: string]: Codes } = {
  "step.add": edit,
  "step.edit": [...edit, "step.unknown"],
  "step.rm": [...edit, "step.unknown", "node.in_use"],
  "step.clone": [...edit, "step.unknown"],
  "dep.add": [...edit, "step.unknown", "dep.exists"],
  "dep.rm": [...edit, "step.unknown", "dep.missing"],
  "gate.insert": edit,
  "gate.edit": [...edit, "gate.unknown"],
  "gate.rm": [...edit, "gate.unknown", "node.in_use"],
  "group.parallelize": [...edit, ...sideBySide],
  "fusion.create": [...edit, ...sideBySide],
  "template.apply": [...edit, ...template],
  "sequence.change": [
    ...edit,
    ...template,
    ...sideBySide,
    "gate.unknown",
    "node.in_use",
    "dep.exists",
    "dep.missing",
  ],
  "gate.approve": [
    ...start,
    "gate.unknown",
    "gate.already",
    "gate.not_ready",
    "gate.unanswered",
    "gate.moved",
  ],
  "gate.block": ["gate.unknown", "gate.already", "gate.not_ready"],
  "gate.reject": [
    ...start,
    "gate.unknown",
    "gate.already",
    "gate.not_ready",
    "step.unknown",
    "step.never_ran",
  ],
  "fusion.pick": [
    "step.unknown",
    "fusion.unknown",
    "fusion.no_patch",
    "fusion.conflict",
    "fusion.picked",
    "git.failed",
    "worktree.unusable",
  ],
  "worktree.gc": ["git.failed", "worktree.unusable"],
  "run.start": [...start, "step.unknown", "group.unknown", "params.missing"],
  "run.stop": ["step.unknown", "step.not_running"],
  "run.cancel": ["run.none"],
  "step.restart": [...start, "step.unknown"],
  "step.rerun": [...start, "step.unknown", "step.never_ran"],
  "prompt.edit": ["step.unknown", "prompt.unusable"],
  "sequence.edit": edit,
  "sequence.write": ["revision.stale", "step.running"],
  "layout.place": [],
  "sequence.undo": history,
  "sequence.redo": history,
  "proposal.reject": ["proposal.unknown", "proposal.decided"],
  "policy.mode": [],
  "policy.sandbox": [],
};

/** A proposal holds whatever can be called, but for a decision at a gate. */
const proposed: Codes = [
  ...Object.values(own).flat(),
  "proposal.unknown",
  "proposal.decided",
  "proposal.stale",
  "proposal.moved",
];
const actions: { [action: string]: Codes } = { ...own, "proposal.approve": proposed };

/** Why a view can be refused. */
export const refusalsOfView = (name: ViewName): Codes => [...question, ...views[name]];

/** Why an action can be refused. */
export function refusalsOfAction(name: string): Codes {
  const codes = actions[name];
  if (!codes) throw new Error(`why '${name}' can be refused is told nowhere`);
  return [...door, ...codes];
}

const admitted: Codes = [
  ...everywhere,
  "token.stale",
  "agent.forbidden",
  "lock.busy",
  "io.failed",
  "audit.corrupt",
];

/** Why the addresses that are no noun refuse. */
export const refusalsBeside = {
  "get /api/chat": [...admitted, "chat.unknown"],
  "post /api/chat": [...admitted, "input.invalid", "chat.unknown", "chat.busy"],
  "post /api/chat/apply": [...door, ...proposed, "chat.moved"],
  "get /api/terminal/stream": [...refusalsOfView("step"), "step.never_ran"],
} satisfies { [operation: string]: Codes };

/** A refusal by its numbers: the HTTP status, and what `seqctl` exits with. */
export interface Numbered {
  status: number;
  code: FailureCode;
  exit: number;
}

/** With a method of its own nobody meets these: what is not there, or not possible there. */
const elsewhere = [404, 405];
const ofBodies = [413, 415];

/** Refusals by their numbers, each once, in order; `method` says which the server itself can come to. */
export function numbered(codes: Codes, method: "get" | "post"): Numbered[] {
  return [...new Set(codes)]
    .flatMap((code): Numbered[] => {
      const { exit, statuses } = numbersOf(code);
      return statuses.map((status) => ({ status, code, exit }));
    })
    .filter(({ code, status }) => {
      if (code !== "server.refused") return true;
      return !elsewhere.includes(status) && (method === "post" || !ofBodies.includes(status));
    })
    .sort((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1));
}

/** What `--json` prints of a command that succeeds. */
export interface DocumentShape {
  /** Keys that are always there. */
  keys: readonly string[];
  /** Keys that are there only sometimes. */
  also?: readonly string[];
}

const done = {
  keys: ["action", "summary", "changed", "warnings"],
  also: ["before", "after", "made", "run", "pursued", "audit", "note", "dry_run", "proposal"],
};
const status = [
  ...[
    "run",
    "root",
    "open",
    "canceled",
    "name",
    "mode",
    "sandbox",
    "revision",
    "seq",
    "engine",
    "steps",
    "gates",
  ],
  ...["counts", "warnings"],
];
const text = ["run", "step", "attempt", "name", "size", "from", "bytes", "text"];
/** Whether added steps join the run, what agents used, once one has said so, and where the audit log's chain ends, once there is one. */
const statusAlso = ["takes_in", "usage", "audit"];
/** Of a call that stays until what it started has ended. */
const accompanied = { keys: [...status, "outcome", "summary"], also: statusAlso };

/** Commands that stay with what they have set going; with `--detach` or `--dry-run` they print what the others do. */
const staying = ["run all", "run runnable", "run step", "run group", "stop", "restart", "rerun", "cancel"];

const shapes: Record<string, DocumentShape> = {
  init: { keys: ["root", "name", "steps", "sandbox"] },
  status: { keys: status, also: statusAlso },
  why: { keys: ["id", "status", "reason", "why"] },
  logs: { keys: [...text, "stream"], also: ["stderr"] },
  attach: { keys: ["step", "run", "attempt", "status", "reason", "exit_code"] },
  "mprocs open": { keys: ["config"], also: ["port", "session", "panes", "unshown", "attach", "was_open"] },
  "mprocs select": { keys: ["step", "pane"] },
  artifacts: { keys: ["run", "step", "attempt", "files"] },
  artifact: { keys: text },
  "step show": { keys: ["run", "revision", "definition", "yaml", "status", "attempts"] },
  "gate list": { keys: ["gates"] },
  "gate show": {
    keys: [
      ...["id", "name", "status", "reason", "why", "depends_on", "sent_back", "takes", "description"],
      ...[
        "questions",
        "expires_ms",
        "digest",
        "confirm",
        "shows",
        "starts",
        "decision",
        "decisions",
        "earlier",
      ],
    ],
  },
  "worktree list": { keys: ["worktrees"] },
  "fusion compare": { keys: ["run", "synth", "candidates", "agreement", "picked"] },
  "group list": { keys: ["groups"] },
  "template list": { keys: ["templates"] },
  "prompt show": { keys: ["id", "path", "text", "sha256"] },
  "agents list": { keys: ["agents"] },
  inbox: { keys: ["gates", "failed", "proposals"] },
  diff: { keys: ["from", "to", "fields", "nodes", "reordered"] },
  "template show": { keys: ["type", "title", "own", "problem", "params", "example"] },
  "runs show": {
    keys: ["id", "state", "opened_at", "opened_by", "last_at", "revision", "counts", "steps", "metrics"],
  },
  "runs diff": { keys: ["a", "b", "same_revision", "steps"] },
  "runs list": { keys: ["runs", "total"] },
  validate: { keys: ["ok", "file", "name", "steps", "gates", "warnings"] },
  doctor: { keys: ["ok", "checks"] },
  "completion bash": { keys: ["shell", "script"] },
  "completion zsh": { keys: ["shell", "script"] },
  "completion fish": { keys: ["shell", "script"] },
  "audit tail": { keys: ["entries"] },
  "audit read": { keys: ["entries", "total", "offset", "limit"] },
  "audit accept": { keys: ["accepted"], also: ["seq", "kept"] },
  "audit verify": {
    keys: [
      ...["ok", "entries", "head", "segments", "repaired_bytes", "checkpoint", "earlier_log"],
      ...["accepted", "journals"],
    ],
  },
  "policy show": {
    keys: [
      ...["mode", "max_concurrent", "max_fanout", "max_orchestrated", "timeout_default_ms", "stop_grace_ms"],
      ...[
        "max_steps",
        "max_depth",
        "max_command_bytes",
        "sandbox",
        "limits",
        "allowed_commands",
        "allowed_cwd",
      ],
      ...["env_allow", "forbidden_patterns", "confirmation_required", "sources", "tiers", "warnings"],
    ],
  },
  "policy explain": {
    keys: ["command", "verdict", "rule", "why", "class", "class_rule", "mode", "executable", "cwd"],
  },
  "policy test": {
    keys: ["runs", "attempts", "unknown", "asked", "allowed", "stopped", "mode", "unreadable"],
  },
  "engine status": { keys: ["running", "pid", "fence", "started_at"] },
  "engine stop": { keys: ["stopped"] },
  chat: {
    keys: [
      ...["conversation", "text", "proposal", "calls", "failed", "unified", "verdict", "forecast"],
      ...["applied", "refused", "tainted", "error"],
    ],
  },
  ui: { keys: ["url", "port", "pid"] },
  skill: { keys: ["text"] },
};

/** The document of a command; undefined where it is described elsewhere. */
export function shapeOf(words: string, isAction: boolean): DocumentShape | undefined {
  if (staying.includes(words)) return accompanied;
  return shapes[words] ?? (isAction ? done : undefined);
}

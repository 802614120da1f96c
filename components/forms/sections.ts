import type { FieldSpec } from "./schema";

/** Fields that belong together, below a title of their own. */
export interface Section {
  title: string;
  fields: FieldSpec[];
  /** Begins open, as most people look for what is in it. */
  isOpen: boolean;
}

/** The keys of a step, a gate and a sequence that stand above all sections. */
const first = ["name", "model", "command", "sequence", "depends_on", "shows", "description", "questions"];

const sections: [title: string, keys: string[], isOpen?: true][] = [
  [
    "Limits and retries",
    ["timeout_ms", "retry", "idle_timeout_ms", "expires_ms", "loop", "resume", "limits"],
    true,
  ],
  [
    "How it runs",
    ["when", "join", "cwd", "env", "prompt", "tty", "continue_on_error", "priority", "idempotent", "type"],
  ],
  ["Isolation and safety", ["isolation", "worktree", "sandbox", "network"]],
  ["Inputs and outputs", ["outputs", "for_each", "fanout", "with"]],
  ["Grouping", ["tags", "group_id", "fail_policy", "concurrency_group"]],
  [
    "What follows, and who watches",
    [
      "on_success",
      "on_failure",
      "finally",
      "watchdog_for",
      "max_restarts",
      "restart_after_ms",
      "orchestrator",
    ],
  ],
  ["Fusion", ["fusion_synth", "fusion_candidates"]],
  ["What steps take over", ["defaults"], true],
  ["Parameters of a run", ["params"], true],
  ["Rules of its own", ["policy"]],
  ["Notes", ["metadata"]],
];

/** The fields of a step, a gate or the sequence: those that everybody looks at, and the others by what they are about. */
export function sectioned(fields: readonly FieldSpec[]): { main: FieldSpec[]; sections: Section[] } {
  const of = (keys: readonly string[]) =>
    keys.flatMap((key) => fields.find((field) => field.key === key) ?? []);
  const named = new Set([...first, ...sections.flatMap(([, keys]) => keys)]);
  const others = fields.filter(({ key }) => !named.has(key));
  return {
    main: of(first),
    sections: [
      ...sections.map(([title, keys, isOpen = false]) => ({ title, fields: of(keys), isOpen })),
      { title: "Other", fields: others, isOpen: false },
    ].filter((section) => section.fields.length > 0),
  };
}

import type { Caller } from "../../../lib/core/actor";
import type { Failure } from "../../../lib/core/failure";
import { err, ok } from "../../../lib/core/result";
import type { CallOptions, Workspace } from "../../../lib/surfaces/http/visit";

interface Seen {
  call: { action: string; input: unknown };
  caller: Caller;
  options: CallOptions | undefined;
}

/** A workspace in memory: it remembers what it was asked, and its journal grows when a test says so. */
export function fakeWorkspace() {
  const listeners = new Set<() => void>();
  const readers = new Set<(conversations: string[]) => void>();
  const state = { run: "01JRUN" as string | null, revision: "a".repeat(64), engine: false, padding: "" };
  let facts: { seq: number; type: string }[] = [];
  let broken: Failure | undefined;
  const dispatched: Seen[] = [];
  const asked: { view: string; input: unknown }[] = [];
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const status = () => ({
    ...state,
    seq: facts.length,
    engine: { running: state.engine, pid: null },
    steps: [],
  });

  const workspace: Workspace = {
    dispatch: async (call, caller, options) => {
      dispatched.push({ call, caller, options });
      if (call.action === "step.explode") throw new Error("boom");
      if (call.action === "step.fill")
        throw Object.assign(new Error("full"), { code: "ENOSPC", syscall: "write", path: "/w/audit.log" });
      if (call.action === "step.rm" && options?.confirm !== "c0ffee") {
        const { action } = call;
        return err({
          code: "confirm.required",
          action,
          summary: "remove",
          times: 1,
          confirm: "c0ffee",
          why: "it removes",
          shows: ["a"],
        });
      }
      return ok({ action: call.action, summary: "done", changed: true, warnings: [] });
    },
    query: async (view, input) => {
      asked.push({ view, input });
      if (broken) return err(broken);
      if (view === "status") return ok(status());
      if (view === "events") {
        const { run, after } = input as { run: string; after: number };
        return ok({ run, facts: facts.filter((fact) => fact.seq > after) });
      }
      return ok({ view, input });
    },
    holds: async () => () => false,
    visit: async () => ok(undefined),
    chat: () => Promise.reject(new Error("this workspace has no chat")),
    endAnswers: async () => {},
    watch: (listener) => {
      listeners.add(listener);
      return { close: () => listeners.delete(listener) };
    },
    watchChats: (reader) => {
      readers.add(reader);
      return { look: () => {}, close: () => readers.delete(reader) };
    },
  };
  return {
    workspace,
    dispatched,
    asked,
    watchers: () => listeners.size,
    /** Journals facts in the current run, as a step's life would. */
    append: (count: number) => {
      for (let i = 0; i < count; i++) facts.push({ seq: facts.length + 1, type: "step.started" });
      changed();
    },
    /** Somebody says something in conversations. */
    say: (...conversations: string[]) => {
      for (const reader of readers) reader(conversations);
    },
    /** Opens a new run with an empty journal. */
    newRun: (run: string) => {
      facts = [];
      state.run = run;
      changed();
    },
    set: (values: Partial<typeof state>) => {
      Object.assign(state, values);
      changed();
    },
    breakWith: (failure: Failure | undefined) => {
      broken = failure;
      changed();
    },
  };
}

/** The fake workspace with its levers. */
export type FakeWorkspace = ReturnType<typeof fakeWorkspace>;

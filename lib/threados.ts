import type { Caller } from "./core/actor";
import type { LineReader } from "./core/chat/reading";
import { err, ok, type Result } from "./core/result";
import { secretsOf } from "./core/sequence/effective";
import type { Sequence } from "./core/sequence/schema";
import type { CheckedText } from "./core/sequence/validate";
import type { Check } from "./core/views/check";
import { agentStore } from "./io/agents/agent-store";
import { watchChats } from "./io/chat/chat-watch";
import { clockAhead } from "./io/clock";
import { engineBeyond, goesThrough, insideDoor } from "./io/door/inside";
import { artifactFiles } from "./io/files/artifact-files";
import { auditFile } from "./io/files/audit-file";
import { definitionFile } from "./io/files/definition-file";
import { sha256 } from "./io/files/digest";
import { waitForLock } from "./io/files/kernel-lock";
import { layoutFile } from "./io/files/layout-file";
import { patterns } from "./io/files/patterns";
import { cacheFolder, findWorkspace, ioFailure, unlessGone, worktreesFolder } from "./io/files/place";
import { policyFile } from "./io/files/policy-file";
import { proposalFiles } from "./io/files/proposal-files";
import { runFiles } from "./io/files/run-files";
import { successorFiles } from "./io/files/successor-files";
import { templateFiles } from "./io/files/template-files";
import { watchPaths } from "./io/files/watch";
import { worktreeStore } from "./io/git/worktree-store";
import { newUlid } from "./io/ids";
import { engineProcess } from "./io/process/engine-process";
import { commandWorld } from "./io/process/look";
import { stepTokens } from "./io/process/step-token";
import { enclosingStep } from "./io/process/tree";
import { knownSecrets, missingSecrets, secretsNamedIn } from "./io/secrets";
import type { Seat, VisitEnd } from "./io/terminal/visit";
import type { Chat } from "./runtime/chat";
import type { Call, DispatchOptions, Done } from "./runtime/passage";
import type { Ports } from "./runtime/ports";

/** A workspace with its one door, its questions and its news. */
export interface Threados {
  /** The folder that holds `.threados`. */
  root: string;
  /** The argv that starts `seqctl` again. */
  program: readonly string[];
  ports: Ports;
  dispatch(call: Call, caller: Caller, options?: DispatchOptions): Promise<Result<Done>>;
  /** Answers a question; an agent is told no secrets. */
  query(view: string, input: unknown, isAgent?: boolean): Promise<Result<unknown>>;
  /** `pauseMs` is asked at each change: how long more of it is waited for. */
  watch(onChange: () => void, pauseMs?: () => number): { close(): void };
  /** Tells which conversations have changed, whoever wrote them; `look` does so at once. */
  watchChats(onChange: (conversations: string[]) => void): { look(): void; close(): void };
  /** Tells whether a token is that of an attempt under way. */
  holds(): Promise<(stepToken: string) => boolean>;
  /** The chat; one for the whole life of this object, so that an answer goes on when nobody listens. */
  chat(): Promise<Chat>;
  /** Sits down at the terminal of an attempt until it ends or is left; undefined if it has none. No step may. */
  visit(
    place: { run: string; step: string; attempt: number },
    seat: Seat,
  ): Promise<Result<VisitEnd | undefined>>;
  /** Ends the answers that are being given here. */
  endAnswers(): Promise<void>;
}

/** What a surface lends the workspace. */
export interface Lent {
  /** Reads a command line by the command line's own grammar, for the chat. */
  lineReader?: () => Promise<LineReader>;
}

const changePauseMs = 10;

/** Joins runtime and world for a workspace. `program` is the argv that starts `seqctl` again, for the engine. */
export function openWorkspace(from: string, program: readonly string[], lent: Lent = {}): Result<Threados> {
  const found = findWorkspace(from);
  if (!found.ok) return found;
  const root = found.value;
  const folder = `${root}/.threados`;
  const runs = runFiles(folder);
  const watched = () => [
    folder,
    `${folder}/runs`,
    // The journal itself, not its folder: that one changes with each file of each attempt.
    ...(runs.newest() === undefined ? [] : [`${folder}/runs/${runs.newest()}/events.jsonl`]),
  ];
  const definition = definitionFile(folder);
  const inside = insideDoor(root, process.env);
  const ports: Ports = {
    root,
    definition,
    policy: policyFile(folder),
    layout: layoutFile(folder),
    successors: successorFiles(folder),
    world: commandWorld(root),
    audit: auditFile(folder),
    runs,
    proposals: proposalFiles(folder),
    artifacts: artifactFiles(folder, () => `${cacheFolder(root)}/out`),
    patterns,
    agents: agentStore(root),
    worktrees: worktreeStore({ root, folder, worktrees: worktreesFolder(root) }),
    templates: templateFiles(folder),
    engine: inside ? engineBeyond(inside.step) : engineProcess(folder, program),
    withLock: (waitMs, work) => withLock(`${folder}/lock`, waitMs, work),
    watch: (onChange, pauseMs = () => changePauseMs) => watchPaths(watched, onChange, pauseMs),
    // Whoever appends a fact from outside has recorded the call in the audit log, which stands in this folder.
    watchOthers: (onChange) =>
      watchPaths(
        () => [folder],
        onChange,
        () => changePauseMs,
      ),
    now: Date.now,
    clockAhead,
    newRunId: newUlid,
    sha256,
    unified: async (before, after, file) => (await import("./io/chat/unified")).unified(before, after, file),
    knownSecrets: () => {
      const loaded = definition.load();
      if (loaded.ok) return knownSecrets(secretsOf(loaded.value.sequence));
      const text = definition.loadText();
      return knownSecrets(text.ok ? secretsNamedIn(text.value.text) : []);
    },
    missingSecrets,
    tokens: stepTokens(root),
    enclosingStep,
  };
  let chat: Promise<Chat> | undefined;
  // Loaded when first used: a question need not wait for the actions' code, nor an action for the views'.
  const dispatch: Threados["dispatch"] = async (call, caller, options = {}) =>
    inside
      ? (askInside(inside, { ...call, surface: caller.surface, options }) as Promise<Result<Done>>)
      : unlessGone(root, async () =>
          (await import("./runtime/dispatch")).dispatch(ports, call, caller, options),
        );
  return ok({
    root,
    program,
    ports,
    dispatch,
    query: async (view, input, isAgent = false) =>
      inside && goesThrough(view)
        ? askInside(inside, { view, input })
        : unlessGone(root, () =>
            read(async () => (await import("./runtime/shown-text")).queryFor(ports, view, input, isAgent)),
          ),
    watch: ports.watch,
    watchChats: (onChange) => watchChats(folder, onChange),
    holds: async () => {
      const { holderOf } = await import("./runtime/identity");
      return (token) => holderOf(ports, token) !== undefined;
    },
    visit: async ({ run, step, attempt }, seat) => {
      const inside = enclosingStep();
      if (inside !== undefined) return err({ code: "agent.forbidden", action: "attach", step: inside });
      return ok(await visitTerminal(ports.artifacts.path(run, step, attempt), seat));
    },
    chat: () => {
      chat ??= openChat(ports, folder, dispatch, lent);
      return chat;
    },
    endAnswers: async () => (await chat)?.close(),
  });
}

/** Asks the engine in place of the files, which a step in a sandbox can't write to. */
async function askInside(
  { socket, token }: { socket: string; token: string },
  asked: { surface?: string; [key: string]: unknown },
): Promise<Result<unknown>> {
  const { askAtDoor } = await import("./io/door/client");
  const surface = asked.surface === "mcp" ? "mcp" : "cli";
  return askAtDoor(socket, { ...asked, surface, token } as Parameters<typeof askAtDoor>[1]);
}

async function openChat(
  ports: Ports,
  folder: string,
  dispatch: Threados["dispatch"],
  { lineReader }: Lent,
): Promise<Chat> {
  const { Chat } = await import("./runtime/chat");
  const { chatFiles } = await import("./io/chat/chat-files");
  const { unified } = await import("./io/chat/unified");
  const readLine = await lineReader?.();
  const model = async () => (await import("./io/models/choose")).chooseModel(process.env);
  return new Chat(ports, { store: chatFiles(folder), model, unified, fence: newUlid, readLine }, dispatch);
}

/** What the disk refuses to show is no bug. */
async function read<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work();
  } catch (error) {
    return ioFailure(error);
  }
}

async function withLock<T>(path: string, waitMs: number, work: () => Result<T>): Promise<Result<T>> {
  let lock: Awaited<ReturnType<typeof waitForLock>>;
  try {
    lock = await waitForLock(path, waitMs);
    return lock ? work() : err({ code: "lock.busy", path, waitedMs: waitMs });
  } catch (error) {
    return ioFailure(error);
  } finally {
    lock?.release();
  }
}

const leaseWaitMs = 5_000;
const leaveSignals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Runs the engine of a workspace in this process until nothing is left to do; the reason why it ended. `wanted` holds it back once its program is loaded. */
export async function runEngine(
  threados: Threados,
  log: (message: string) => void,
  wanted?: () => Promise<boolean>,
): Promise<Result<string>> {
  const { takeLease, announceEngine, isAnnounced, bootId } = await import("./io/process/engine-process");
  const { DirectHost } = await import("./io/process/direct");
  const { DoorRelay } = await import("./io/door/relay");
  const { canHoldTerminals } = await import("./io/terminal/order");
  const { Engine } = await import("./runtime/engine");
  const { root, ports, program } = threados;
  const folder = `${root}/.threados`;
  if (wanted) {
    // What is sound now will most likely be what runs; a fault is found again, and told, when it counts.
    ports.definition.load();
    if (!(await wanted())) return ok("nobody wanted it");
  }
  const lease = await takeLease(folder, leaseWaitMs);
  if (!lease) return ok("another engine holds the lease");
  // What attempts under way may print must be known before any of it is read.
  ports.knownSecrets();
  let isHeld = true;
  const release = () => {
    if (isHeld) lease.release();
    isHeld = false;
  };
  const startedAt = new Date().toISOString();
  let announced = 0;
  const engine = new Engine(ports, {
    host: new DirectHost({
      root,
      folder,
      outputs: `${cacheFolder(root)}/out`,
      worktrees: worktreesFolder(root),
      sandboxes: `${cacheFolder(root)}/sandbox`,
      doors: new DoorRelay(root, program),
      program,
      terminals: { possible: canHoldTerminals, program },
      tokens: ports.tokens,
    }),
    boot: bootId(),
    pid: process.pid,
    announce: (fence) => {
      if (fence === announced && isAnnounced(folder)) return;
      try {
        announceEngine(folder, { pid: process.pid, fence, startedAt });
        announced = fence;
      } catch (error) {
        // The note is for others; the work does not depend on it, and the next turn tries again.
        log(`could not say who holds the lease: ${String(error)}`);
      }
    },
    release,
    log,
  });
  const leave = (signal: string) => engine.leave(signal);
  for (const signal of leaveSignals) process.on(signal, leave);
  try {
    return await engine.run();
  } finally {
    for (const signal of leaveSignals) process.off(signal, leave);
    release();
  }
}

/** What a new workspace starts from. */
export interface InitOptions {
  name?: string | undefined;
  /** An authored sequence to copy, byte for byte. */
  from?: string | undefined;
  /** What policy.yaml says about the sandbox; `try` looks whether one holds here and says how to have it. Left out, it says nothing. */
  sandbox?: "required" | "off" | "try" | undefined;
}

/** What became of a new workspace. */
export interface Made {
  root: string;
  name: string;
  steps: number;
  sandbox: "required" | "off";
  /** About the sandbox, for the person; undefined if nobody looked. */
  words: string | undefined;
}

/** Makes a workspace in a folder, whole or not at all. */
export async function initWorkspace(dir: string, options: InitOptions): Promise<Result<Made>> {
  const { createWorkspace } = await import("./io/files/new-workspace");
  const { chooseSandbox } = await import("./io/sandbox/choose");
  const sandbox = await chooseSandbox(options.sandbox);
  if (!sandbox.ok) return sandbox;
  const created = createWorkspace(dir, { ...options, sandbox: sandbox.value.line });
  if (!created.ok) return created;
  const { lockSettled, recordAudit } = await import("./runtime/record");
  const opened = openWorkspace(dir, []);
  if (!opened.ok) return opened;
  const { ports, root } = opened.value;
  const recorded = await lockSettled(ports, leaseWaitMs, () =>
    recordAudit(ports, {
      actor: "user",
      surface: "cli",
      action: "workspace.init",
      target: null,
      payload: { from: options.from ?? null },
      policy_mode: "SAFE",
      result: "success",
      after: created.value.digest,
    }),
  );
  if (!recorded.ok) return recorded;
  const { name, steps } = created.value;
  return ok({ root, name, steps, sandbox: sandbox.value.line?.value ?? "off", words: sandbox.value.words });
}

/** Reads a file as a sequence, without a workspace around it; faults point into it. */
export async function checkDefinition(path: string): Promise<CheckedText> {
  const { readAuthored } = await import("./io/files/new-workspace");
  const { judgeDefinition } = await import("./io/files/definition-file");
  const text = readAuthored(path);
  if (!text.ok) return { faults: [text.failure] };
  const { agentNamesAround } = await import("./io/agents/agent-files");
  const { unknownAgents } = await import("./core/sequence/agent-names");
  const { faults, ...read } = judgeDefinition(text.value, path);
  const names = agentNamesAround(path);
  const ofAgents = names.ok ? unknownAgents(text.value, path, names.value) : [names.failure];
  return { ...read, faults: [...faults, ...ofAgents] };
}

/** Looks at the machine, and at the workspace if there is one. */
export async function examine(from: string): Promise<Check[]> {
  const { examineMachine } = await import("./io/doctor/examine");
  const { examineWorkspace } = await import("./runtime/examine");
  const opened = openWorkspace(from, []);
  const checks = await examineMachine(opened.ok ? `${opened.value.root}/.threados` : undefined);
  if (opened.ok) {
    const { root, ports } = opened.value;
    const found: Check = { name: "workspace", state: "good", needed: true, detail: root };
    return [...checks, found, ...(await examineWorkspace(ports))];
  }
  const { renderFailure } = await import("./core/failure-table");
  const missing = opened.failure.code === "workspace.missing";
  const { message, hint } = renderFailure(opened.failure);
  const told = {
    name: "workspace",
    needed: !missing,
    detail: message,
    ...(hint === undefined ? {} : { hint }),
  };
  return [...checks, { ...told, state: missing ? "missing" : "bad" }];
}

/** The secrets that a sequence refers to and that can't be had here, each with what to do. */
export async function lackingSecrets(sequence: Sequence): Promise<string[]> {
  return missingSecrets(secretsOf(sequence));
}

/** Answers the calls of steps in sandboxes that the engine hands on, until it has gone. */
export async function serveDoor({ ports }: Threados): Promise<void> {
  const { answerAtDoor } = await import("./runtime/door");
  const { serveDoor } = await import("./io/door/serve");
  await serveDoor((attempt, text) => answerAtDoor(ports, attempt, text));
}

/** Runs one attempt in its worktree, by the order in the attempt's folder; its exit code. */
export async function runAttemptInWorktree(folder: string): Promise<number> {
  return (await import("./io/git/attempt")).runInWorktree(folder);
}

/** Runs a command on a terminal of its own that is reached over a socket; the command's exit code. */
export async function holdTerminal(socket: string, command: readonly string[]): Promise<number> {
  return (await import("./io/terminal/hold")).holdTerminal(socket, command);
}

/** Sits down at the terminal of an attempt, given its folder; undefined if it has none. */
export async function visitTerminal(folder: string, seat: Seat): Promise<VisitEnd | undefined> {
  return (await import("./io/terminal/visit")).visitTerminal(folder, seat);
}

/** What seqctl does with mprocs; loaded only there. */
export const mprocs = async () => ({
  ...(await import("./io/mprocs/session")),
  ...(await import("./io/mprocs/wake")),
});

export { openRuntimeFolder } from "./io/files/runtime-folder";
export { servedPortOf } from "./io/files/served-port";
export type { Seat, VisitEnd } from "./io/terminal/visit";

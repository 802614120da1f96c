import type { Failure, FailureOf } from "../../core/failure";
import { unreachable } from "../../core/result";
import type { StatusDoc } from "../../core/views/status";
import { follow } from "../../runtime/follow";
import type { Call, DispatchOptions, Done } from "../../runtime/passage";
import type { Threados } from "../../threados";
import { closing } from "./closing";
import { safe } from "./paint";
import { progressPrinter } from "./progress";
import { type Answering, sayFailure, sayJson } from "./say";
import { spread } from "./spread";

/** Flags of `run` and its kin that are not input. */
export interface RunFlags {
  detach?: boolean;
  /** Stay with the run that the call sets going again. */
  follow?: boolean;
  dryRun?: boolean;
  /** What the yes is bound to, as it was shown before. */
  digest?: string;
}

/** Sends a call through the door, asking the person if it must, and says what happened; the exit code. */
export async function act(
  answering: Answering,
  threados: Threados,
  asked: Call,
  flags: RunFlags,
): Promise<number> {
  const { shell, json, yes, paint } = answering;
  let call = asked;
  const canAsk = shell.canAsk && !json;
  const bound = flags.digest === undefined ? {} : { confirm: flags.digest };
  const token = shell.env.THREADOS_TOKEN;
  const caller = { actor: "user", surface: "cli", ...(token ? { token } : {}) } as const;
  const options: DispatchOptions = { yes, propose: !canAsk, dryRun: flags.dryRun ?? false, ...bound };
  let calledAt = threados.ports.now();
  let result = await threados.dispatch(call, caller, options);
  if (!result.ok && result.failure.code === "params.missing" && canAsk && !yes) {
    const { askForParams } = await import("./ask-params");
    const given = await askForParams(answering, threados, call, result.failure.names);
    if (given === undefined) return sayFailure(answering, result.failure);
    call = given;
    calledAt = threados.ports.now();
    result = await threados.dispatch(call, caller, options);
  }
  let seen: string | undefined;
  if (canAsk && !result.ok && asksAtGate(call, result.failure)) {
    const { askAtGate } = await import("./ask-gate");
    const asked = await askAtGate(answering, threados, call.input);
    seen = asked.seen;
    call = { ...call, input: asked.input };
    if (result.failure.code === "gate.unanswered") result = await threados.dispatch(call, caller, options);
  }
  const question = canAsk && !result.ok ? questionIn(result.failure) : undefined;
  if (question) {
    // It may have changed while the person was thinking about their answers.
    if (seen !== undefined && seen !== question.confirm)
      seen = await seeAgain(answering, threados, call.input);
    // What was just shown whole need not be listed again.
    const isSeen = seen === question.confirm;
    if (!(await agrees(answering, isSeen ? { ...question, shows: [] } : question, isSeen))) {
      shell.err("nothing was done\n");
      return 3;
    }
    calledAt = threados.ports.now();
    result = await threados.dispatch(call, caller, { confirm: question.confirm });
  }
  if (!result.ok) return sayFailure(answering, result.failure);
  const done = { ...result.value };
  // Whoever was asked has read it above the question.
  if (done.note !== undefined && question?.shows.includes(done.note)) delete done.note;
  for (const warning of done.warnings) shell.err(`${paint("yellow", "warning")} ${safe(warning)}\n`);
  const starts =
    done.pursued !== undefined && done.changed && (done.pursued === null || done.pursued.length > 0);
  if (flags.follow && done.run !== undefined && !flags.dryRun) {
    if (!json) shell.out(`${paint("green", "✓")} ${safe(done.summary)}\n`);
    return accompany(answering, threados, call.action, { ...done, pursued: null }, calledAt);
  }
  if (flags.dryRun) return sayTried(answering, done);
  const { scope } = call.input as { scope?: string };
  const ofAll = call.action === "run.start" && (scope === "runnable" || done.starts_nothing === true);
  if (ofAll && !done.changed) return sayIdle(answering, threados, done);
  if (!starts) return sayDone(answering, done);
  return flags.detach
    ? sayDetached(answering, threados, done)
    : accompany(answering, threados, call.action, done, calledAt);
}

/** Whether a person is at a gate: what it shows is to be seen, and what it asks to be answered, before they say yes. */
function asksAtGate({ action }: Call, { code }: Failure): boolean {
  return code === "gate.unanswered" || (action === "gate.approve" && code === "confirm.required");
}

async function seeAgain(
  answering: Answering,
  threados: Threados,
  input: unknown,
): Promise<string | undefined> {
  const { showGate } = await import("./ask-gate");
  return (await showGate(answering, threados, input))?.confirm;
}

type Question = Omit<FailureOf<"confirm.required">, "code" | "action">;

/** What a person at a terminal is asked; what has moved since it was proposed is said with it. */
function questionIn(failure: Failure): Question | undefined {
  if (failure.code === "confirm.required") return failure;
  if (failure.code !== "proposal.moved") return undefined;
  const moved = failure.changed.map((line) => `changed since it was proposed: ${line}`);
  return {
    ...failure,
    why: "it does something else than its proposer saw",
    shows: [...failure.shows, ...moved],
  };
}

/** Asks once, or twice where something is lost; the exact thing that is approved is shown first, or has been (`isSeen`). */
export async function agrees(answering: Answering, question: Question, isSeen: boolean): Promise<boolean> {
  const { shell, paint } = answering;
  shell.err(`${paint("magenta", "?")} ${safe(question.summary)} ${paint("dim", `(${question.why})`)}\n`);
  for (const line of question.shows)
    shell.err(`  ${paint("dim", "·")} ${spread(line, "    ", paint).join("\n")}\n`);
  for (let time = 1; time <= question.times; time++) {
    const again = time === 2 ? "Really? This is asked twice on purpose." : "Go ahead?";
    // A yes that was typed before one could know what to is none.
    const answer = await shell.ask(`  ${again} [y/N] `, { anew: !isSeen || time > 1 });
    if (!/^y(es)?$/i.test((answer ?? "").trim())) return false;
  }
  return true;
}

/** What else is to be known of it, on a line of its own. */
function noteLine({ paint }: Answering, { note }: Done): string {
  return note === undefined ? "" : `  ${paint("dim", safe(note))}\n`;
}

const madeIn = ({ made }: Done) => (made ? `: ${made.join(", ")}` : "");

/** Says what a dry run found. */
async function sayTried(answering: Answering, done: Done): Promise<number> {
  if (answering.json) sayJson(answering, { ...done, dry_run: true });
  else {
    const { startsText } = await import("./show-starts");
    const head = done.changed
      ? `would ${safe(done.summary)}${madeIn(done)}`
      : `would change nothing: ${safe(done.summary)}`;
    answering.shell.out(`${head}\n${noteLine(answering, done)}${startsText(done, answering)}`);
  }
  return 0;
}

function sayDone(answering: Answering, done: Done): number {
  const { shell, json, paint } = answering;
  if (json) sayJson(answering, done);
  else if (done.note && !done.changed) shell.out(`${safe(done.note)}\n`);
  else if (!done.changed)
    shell.out(`${paint("dim", "·")} nothing to do, it is so already: ${safe(done.summary)}\n`);
  else shell.out(`${paint("green", "✓")} ${safe(done.summary)}${madeIn(done)}\n${noteLine(answering, done)}`);
  return 0;
}

/** Nothing could be started: said is whether that is since all is done, or since only a person can go on. */
async function sayIdle(answering: Answering, threados: Threados, done: Done): Promise<number> {
  const status = await threados.query("status", {});
  if (!status.ok) return sayFailure(answering, status.failure);
  const doc = status.value as StatusDoc;
  const isActive = ["RUNNING", "STOPPING", "RETRYING", "QUEUED"].some((one) => (doc.counts[one] ?? 0) > 0);
  const isOver = doc.run !== null && !doc.open;
  const waits = doc.gates.some(({ reason, status }) => reason === "waiting_human" || status === "BLOCKED");
  if (isActive || isOver || !waits) return sayDone(answering, done);
  if (answering.json) sayJson(answering, { ...done, outcome: "waiting" });
  else answering.shell.out(`${safe(done.note ?? done.summary)}\n${closing(doc, "waiting", answering, [])}`);
  return 3;
}

async function sayDetached(answering: Answering, threados: Threados, done: Done): Promise<number> {
  const engine = await threados.query("engine.status", {});
  const pid = engine.ok ? (engine.value as { pid: number | null }).pid : null;
  if (answering.json) sayJson(answering, { ...done, engine: { pid } });
  else {
    const said = done.starts_nothing ? (done.note ?? "asked for already") : `started: ${done.summary}`;
    answering.shell.out(
      `${safe(said)}; engine ${pid ?? "has finished already"}; watch it: seqctl status --watch\n`,
    );
  }
  return 0;
}

/** Stays with a run until it has ended, and says how. */
async function accompany(
  answering: Answering,
  threados: Threados,
  action: string,
  done: Done,
  calledAt: number,
): Promise<number> {
  const { shell, json, paint } = answering;
  // What says how it ended is loaded while it runs.
  void threados.query("engine.status", {});
  if (!json) shell.out(noteLine(answering, done));
  const print = json ? () => undefined : progressPrinter(answering, done.pursued ?? null, calledAt);
  const leave = () => {
    shell.err(
      "\nthis goes on without you; `seqctl stop <step>` ends a step, `seqctl cancel` all of the run\n",
    );
    process.exit(130);
  };
  process.once("SIGINT", leave);
  const ended = await follow(threados.ports, done.pursued ?? null, print);
  process.off("SIGINT", leave);
  if (!ended.ok) return sayFailure(answering, ended.failure);
  const status = await threados.query("status", {});
  if (!status.ok) return sayFailure(answering, status.failure);
  const stopped = (action === "run.stop" || action === "run.cancel") && ended.value === "failed";
  if (json)
    sayJson(answering, {
      ...(status.value as object),
      outcome: stopped ? (action === "run.stop" ? "stopped" : "canceled") : ended.value,
      summary: done.summary,
    });
  else if (stopped) shell.out(`${paint("green", "✓")} ${safe(done.summary)}\n`);
  else shell.out(closing(status.value as StatusDoc, ended.value, answering, done.pursued ?? null));
  return stopped ? 0 : exitOf(ended.value);
}

function exitOf(end: "done" | "failed" | "waiting"): number {
  switch (end) {
    case "done":
      return 0;
    case "failed":
      return 1;
    case "waiting":
      return 3;
    default:
      return unreachable(end);
  }
}

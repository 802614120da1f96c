import { type Failure, type FailureCode, type FailureOf, serverStatuses } from "./failure";
import { approvalRows } from "./failure-approval";
import { chatRows } from "./failure-chat";
import { historyRows } from "./failure-history";
import { nodeRows } from "./failure-node";
import { absent, bad, corrupt, didYouMean, list, type Rendering, stale } from "./failure-rendering";
import { worktreeRows } from "./failure-worktree";
import { lineToGive } from "./sequence/unfinished";

/** One row for each refusal; leaving a code out does not compile. */
const table: { [C in FailureCode]: Rendering<FailureOf<C>> } = {
  "input.invalid": { ...bad, message: (f) => f.problem, hint: (f) => f.hint },
  "action.unknown": {
    ...bad,
    message: (f) => `there is no action '${f.name}'`,
    hint: (f) => didYouMean(f.nearest),
  },
  "workspace.missing": {
    ...bad,
    message: (f) =>
      f.gone
        ? `the workspace ${f.from} is not there any more`
        : f.absent
          ? `there is no folder ${f.from}`
          : `no .threados folder in ${f.from} or above it`,
    hint: (f) => {
      if (f.gone) return "move it back, or open another: `seqctl -C DIR ui`";
      if (f.absent) return "check the path behind -C";
      const made = `\`seqctl init${f.authored === undefined ? "" : ` --from ${f.authored}`}\``;
      const [first, ...others] = f.inside ?? [];
      if (first === undefined) return `make one here with ${made}, or name its folder with -C DIR`;
      const more = others.length > 0 ? `, and in ${others.join(", ")}` : "";
      return `there is one in ${first}${more}: \`seqctl -C ${first} …\`; or make one here with ${made}`;
    },
  },
  "workspace.exists": {
    ...bad,
    message: (f) => `${f.path} already holds a workspace`,
    hint: () => "nothing was changed; edit it with `seqctl step add …` or start over in another folder",
  },
  "workspace.unusable": { ...bad, message: (f) => `${f.path}: ${f.problem}`, hint: (f) => f.hint },
  "file.missing": {
    ...bad,
    message: (f) => `${f.path} does not exist`,
    hint: (f) => f.hint ?? "check the path",
  },
  "file.unreadable": {
    ...bad,
    message: (f) => `${f.path}: ${f.problem}`,
    hint: () => "check what stands at that path",
  },
  "sequence.empty": {
    ...bad,
    message: (f) => `${f.file} is empty`,
    hint: () =>
      "a sequence needs at least `version: 1` and `name:`; undo restores the last recorded revision",
  },
  "sequence.syntax": { ...bad, message: (f) => f.problem, hint: () => "mend the YAML at the place shown" },
  "sequence.encoding": {
    ...bad,
    message: (f) => `${f.file}: ${f.problem}`,
    hint: () => "save the file as UTF-8 without NUL bytes",
  },
  "sequence.too_large": {
    ...bad,
    message: (f) => `${f.file}: ${f.problem}`,
    hint: (f) => `the limit is ${f.limit}; split the work into several sequences`,
  },
  "sequence.forbidden": { ...bad, message: (f) => f.problem, hint: (f) => f.hint },
  "sequence.duplicate_key": {
    ...bad,
    message: (f) => `the key '${f.key}' stands twice (first on line ${f.first.line})`,
    hint: () => "keep one of the two",
  },
  "sequence.unknown_key": {
    ...bad,
    message: (f) => `unknown key '${f.key}' in ${f.where}`,
    hint: (f) => didYouMean(f.nearest) ?? "docs/files.md lists the keys",
  },
  "sequence.invalid": { ...bad, message: (f) => `${f.where}: ${f.problem}`, hint: (f) => f.hint },
  "sequence.version": {
    ...bad,
    message: (f) => `the file says version ${f.found}; this ThreadOS reads up to version ${f.newest}`,
    hint: () => "update ThreadOS, or correct `version:`",
  },
  "id.invalid": {
    ...bad,
    message: (f) => `'${f.id}' can't be an id`,
    hint: () => "ids start with a letter or digit and hold up to 64 letters, digits, '_' and '-'",
  },
  "id.reserved": {
    ...bad,
    message: (f) => `'${f.id}' is a device name on Windows and can't be an id`,
    hint: () => "choose another id",
  },
  "id.taken": {
    ...bad,
    message: (f) => `the id '${f.id}' is taken by the ${f.kind} '${f.other}'`,
    hint: () => "ids are unique across steps and gates, without regard to case",
  },
  ...nodeRows,
  "group.unknown": {
    ...bad,
    message: (f) => `there is no group '${f.id}'`,
    hint: (f) => didYouMean(f.nearest) ?? "`seqctl group list` lists the groups",
  },
  "group.dependent": {
    ...bad,
    message: (f) => `'${f.id}' waits for '${f.on}', so they can't run side by side`,
    hint: (f) => `cut what ties them (\`seqctl dep rm …\`), or leave '${f.id}' out`,
  },
  "template.unknown": {
    ...bad,
    message: (f) => `there is no template '${f.type}'`,
    hint: (f) => didYouMean(f.nearest) ?? "`seqctl template list` shows them",
  },
  "template.invalid": {
    ...bad,
    message: (f) => `${f.file}: ${f.problem}`,
    hint: (f) => f.hint ?? "steps and gates are written as in sequence.yaml; mend the file",
  },
  "node.in_use": {
    ...bad,
    message: (f) => `'${f.id}' is needed by ${list(f.by)}`,
    hint: (f) => `first cut the dependency: ${f.by.map((by) => `seqctl dep rm ${by} ${f.id}`).join("; ")}`,
  },
  "dep.unknown": {
    ...bad,
    message: (f) => `'${f.by}' depends on '${f.id}', which does not exist`,
    hint: (f) => didYouMean(f.nearest) ?? `add it first, or leave it out of what '${f.by}' waits for`,
  },
  "dep.cycle": {
    ...bad,
    // The arrows run as those on the canvas do, from what is waited for to what waits.
    message: (f) => `the dependencies form a circle: ${f.path.toReversed().join(" → ")}`,
    hint: () => "remove one of these dependencies",
  },
  "dep.exists": {
    ...bad,
    message: (f) => `'${f.step}' already depends on '${f.dep}'`,
    hint: () => "nothing to do",
  },
  "dep.missing": {
    ...bad,
    message: (f) => `'${f.step}' does not depend on '${f.dep}'`,
    hint: () => "`seqctl status` shows what depends on what",
  },
  "step.no_command": {
    ...bad,
    message: (f) =>
      f.others
        ? `the steps ${list([f.id, ...f.others].slice(0, 5))}${f.others.length > 4 ? " and more" : ""} have nothing to run`
        : `step '${f.id}' has nothing to run`,
    hint: (f) =>
      `give ${f.others ? "each" : "it"} a command: ${lineToGive(f.id)}; or let an agent do it: --model claude-code`,
  },
  "step.two_ways": {
    ...bad,
    message: (f) =>
      `step '${f.id}' has a command and names the agent '${f.agent}': it can only be run by one of them`,
    hint: (f) => `seqctl step edit ${f.id} --unset command, or --model shell`,
  },
  "agent.unknown": {
    ...bad,
    message: (f) => `${whoNames(f.step)} names the agent '${f.name}', which nobody has described`,
    hint: (f) =>
      `${f.nearest ? `did you mean '${f.nearest}'? There are` : "there are"} ${list(f.known)}; .threados/agents.yaml adds your own`,
  },
  "agents.invalid": {
    ...bad,
    message: (f) => `agents.yaml, ${f.where}: ${f.problem}`,
    hint: (f) => f.hint,
  },
  "prompt.missing": {
    ...bad,
    message: (f) => `the prompt of step '${f.id}' is missing: ${f.path}`,
    hint: (f) => `write it: seqctl prompt edit ${f.id} --text "…"`,
  },
  "prompt.unusable": {
    ...bad,
    message: (f) => `the prompt of step '${f.id}', ${f.path}, ${f.problem}`,
    hint: (f) => f.hint ?? `write it anew: seqctl prompt edit ${f.id} --text "…"`,
  },
  "step.blocked": {
    ...bad,
    message: (f) => `'${f.id}' can't start: ${f.reason}`,
    hint: (f) => `see \`seqctl why ${f.id}\``,
  },
  "step.running": {
    ...stale,
    message: (f) => `'${f.id}' is running`,
    hint: (f) => `first \`seqctl stop ${f.id}\``,
  },
  "step.not_running": {
    ...bad,
    message: (f) => `'${f.id}' is not running (${f.status})`,
    hint: () => "only what runs, waits its turn or waits to retry can be stopped",
  },
  "gate.not_ready": {
    ...bad,
    message: (f) =>
      f.givenUp
        ? `gate '${f.id}' can't be ${f.givenUp}, because the run was given up`
        : `gate '${f.id}' can't be approved before ${list(f.waitingFor)} ${f.waitingFor.length > 1 ? "are" : "is"} done`,
    hint: (f) =>
      f.givenUp
        ? "`seqctl run` begins another one, in which it asks again"
        : "`seqctl run` brings the work before it to an end",
  },
  "gate.already": {
    ...stale,
    message: (f) => `gate '${f.id}' is already ${f.status}`,
    hint: () => "nothing was changed",
  },
  "params.missing": {
    ...bad,
    message: ({ names }) =>
      names.length === 1
        ? `the parameter ${list(names)} is missing`
        : `the parameters ${list(names)} are missing`,
    hint: ({ names, flags }) => `give ${names.length === 1 ? "it" : "them"} with ${flags.join(" ")}`,
  },
  "gate.unanswered": {
    ...bad,
    message: (f) => `gate '${f.id}' asks ${list(f.questions.map(({ id }) => id))} first`,
    hint: (f) => `answer with ${f.questions.map(({ id }) => `--answer ${id}=…`).join(" ")}`,
  },
  "gate.moved": {
    ...stale,
    message: (f) => `what gate '${f.id}' shows is not what the yes was given to: it changed since`,
    hint: (f) => `look at it again with \`seqctl gate show ${f.id}\``,
  },
  "run.none": {
    ...absent,
    message: () => "there has been no run yet",
    hint: () => "start one with `seqctl run`",
  },
  "run.unknown": {
    ...absent,
    message: (f) => `there is no run '${f.id}'`,
    hint: () => "`seqctl runs list` lists them",
  },
  "artifact.unknown": {
    ...absent,
    message: (f) => `step '${f.step}' left no '${f.name}'`,
    hint: (f) =>
      f.newest === undefined
        ? `\`seqctl artifacts ${f.step}\` lists what it left`
        : `its newest attempt is ${f.newest}`,
  },
  ...approvalRows,
  ...chatRows,
  ...historyRows,
  ...worktreeRows,
  "audit.corrupt": {
    ...corrupt,
    message: (f) => `${f.file}, ${placeInLog(f)}: ${f.problem}`,
    hint: (f) => {
      if (f.isSpoilt)
        return "put the log back as it was; if that can't be done, `seqctl audit accept` keeps what is no entry in a file beside the log, goes on before it, and records that";
      return f.isLost
        ? "put the log back as it was; if that can't be done, `seqctl audit accept` goes on with what stands there, and records that"
        : "put the log back as it was; if that can't be done, `seqctl audit accept` keeps a copy of what was found, goes on behind it, and records that";
    },
  },
  "journal.corrupt": {
    ...corrupt,
    message: (f) => `${f.file}, line ${f.line}: ${f.problem}`,
    hint: () => "start a new run with `seqctl run --new`; keep the file as evidence",
  },
  "journal.changed": {
    ...corrupt,
    message: (f) =>
      `the journal of run ${f.run} is not what the audit log sealed: ${f.facts === 1 ? "its first fact was" : `its first ${f.facts} facts were`} changed`,
    hint: (f) =>
      `keep .threados/runs/${f.run}/events.jsonl as evidence; what it says of that run can't be trusted`,
  },
  "lock.busy": {
    exit: 75,
    http: 503,
    message: (f) => `another ThreadOS process has held ${f.path} for ${Math.round(f.waitedMs / 100) / 10} s`,
    hint: () => "try again in a moment",
  },
  "engine.busy": {
    exit: 75,
    http: 503,
    message: (f) => f.problem,
    hint: () => "`seqctl engine status` shows who runs",
  },
  "engine.lost": {
    exit: 1,
    http: 503,
    message: () => "the engine went away while steps were under way; they go on without it",
    hint: () => "`seqctl run` takes them over as they stand",
  },
  "door.closed": {
    exit: 75,
    http: 503,
    message: (f) => `ThreadOS can't be reached from this sandbox: ${f.problem}`,
    hint: () =>
      "a person's `seqctl run` starts an engine again; look with `seqctl status` before you repeat a call",
  },
  "engine.failed": {
    exit: 70,
    http: 500,
    message: (f) => `the engine did not start: ${f.problem}`,
    hint: (f) => `its own words are in ${f.log}`,
  },
  "program.missing": {
    exit: 2,
    http: 400,
    message: (f) => `${f.name} was not found on this machine`,
    hint: (f) => f.hint,
  },
  "mprocs.closed": {
    exit: 2,
    http: 404,
    message: () => "no mprocs of this workspace is open",
    hint: () => "`seqctl mprocs open` opens one",
  },
  "port.busy": {
    exit: 75,
    http: 503,
    message: (f) => `port ${f.port} is taken`,
    hint: () => "choose another with --port, or leave it out for a free one",
  },
  "server.refused": { exit: 2, http: (f) => f.status, message: (f) => f.problem },
  "io.failed": { exit: 1, http: 500, message: (f) => `${f.path}: ${f.problem}`, hint: (f) => f.hint },
  internal: {
    exit: 70,
    http: 500,
    message: (f) => `a bug in ThreadOS: ${f.problem}`,
    hint: () => "please report it with the command you used",
  },
};

/** Which refusals lead to which exit code. */
export function refusalsByExit(): Map<number, FailureCode[]> {
  const found = new Map<number, FailureCode[]>();
  for (const [code, { exit }] of Object.entries(table) as [FailureCode, { exit: number }][])
    found.set(exit, [...(found.get(exit) ?? []), code]);
  return new Map([...found].sort(([a], [b]) => a - b));
}

/** The numbers of a refusal: its exit code, and its HTTP status, or all that it can have. */
export function numbersOf(code: FailureCode): { exit: number; statuses: readonly number[] } {
  const { exit, http } = table[code];
  return { exit, statuses: typeof http === "function" ? serverStatuses : [http] };
}

/** A refusal ready to be shown: the body every surface sends, and its two numbers. */
interface RenderedFailure {
  exit: number;
  http: number;
  message: string;
  hint: string | undefined;
  body: { error: Record<string, unknown>; code: FailureCode };
}

/** Says a refusal: message, hint, exit code, HTTP status and the JSON body shared by CLI and API. */
export function renderFailure(failure: Failure): RenderedFailure {
  const row = table[failure.code] as Rendering<Failure>;
  const message = row.message(failure);
  const { code, wayOut, ...facts } = failure;
  const own = row.hint?.(failure);
  const hint = own && wayOut ? `${own}${own.endsWith("?") ? " " : "; "}${wayOut}` : (own ?? wayOut);
  const http = typeof row.http === "function" ? row.http(failure) : row.http;
  const asked = code === "confirm.required" ? { confirmation_required: true } : {};
  const error = { ...facts, ...asked, code, message, ...(hint === undefined ? {} : { hint }) };
  return { exit: row.exit, http, message, hint, body: { error, code } };
}

/** Where in the log a fault stands; what is missing stands nowhere. */
/** A step without an id is called by its number. */
function whoNames(step: string): string {
  if (step === "") return "`defaults`";
  return /^number \d+$/.test(step) ? `step ${step}` : `step '${step}'`;
}

function placeInLog({ line, isBehind }: FailureOf<"audit.corrupt">): string {
  if (!isBehind) return `line ${line}`;
  return line === 0 ? "which is empty" : `behind its last line (${line})`;
}

import { mayReachPorts } from "../../core/policy/ports-reached";
import type { StatusDoc, StepStatusDoc } from "../../core/views/status";
import type { Threados } from "../../threados";
import { act } from "./act";
import { forReader, safe } from "./paint";
import { type Answering, sayFailure, sayJson } from "./say";

const sweepMs = 250;
const textBytes = 8_192;
const underWay = new Set(["RUNNING", "STOPPING"]);
const begun = new Set(["RUNNING", "STOPPING", "DONE", "FAILED", "RETRYING"]);

/** Opens mprocs on the sequence, or prints the configuration it would open. */
export async function openWindow(
  answering: Answering,
  threados: Threados,
  printConfig: boolean,
): Promise<number> {
  const { shell, json, paint } = answering;
  const inside = threados.ports.enclosingStep();
  if (inside !== undefined)
    return sayFailure(answering, { code: "agent.forbidden", action: "mprocs.open", step: inside });
  const definition = threados.ports.definition.load();
  if (!definition.ok) return sayFailure(answering, definition.failure);
  const rules = await threados.query("policy.show", {});
  if (!rules.ok) return sayFailure(answering, rules.failure);
  const { sequence } = definition.value;
  const { sandbox } = rules.value as { sandbox: "required" | "off" };
  const shown = { steps: sequence.steps ?? [], listens: !mayReachPorts(sequence, sandbox) };
  if (printConfig) {
    const config = await shell.mprocs.config(threados, shown);
    if (json) sayJson(answering, { config });
    else shell.out(config);
    return 0;
  }
  const opened = await shell.mprocs.open(threados, shown, shell.canAsk && shell.outIsTerminal && !json);
  if (!opened.ok) return sayFailure(answering, opened.failure);
  const { config, port, session, panes, unshown, attach, wasOpen } = opened.value;
  if (json) sayJson(answering, { config, port, session, panes, unshown, attach, was_open: wasOpen });
  else if (attach !== null) {
    const what = wasOpen
      ? "mprocs is open already"
      : `mprocs is open, with ${panes === 1 ? "a pane for the step" : `a pane for each of ${panes} steps`}`;
    shell.out(`${paint("green", "✓")} ${what}\n  look at it: ${attach}\n`);
  } else if (wasOpen) shell.out("mprocs is open already, at another terminal\n");
  if (!json && unshown.length > 0) shell.out(`${paint("yellow", "!")} ${sayUnshown(unshown)}\n`);
  return 0;
}

const anew = "close its window (`q` in it; what runs goes on) and open it again: `seqctl mprocs open`";

/** What is said of steps that an open mprocs does not show: its panes are made when it is opened. */
function sayUnshown(ids: readonly string[]): string {
  const shown = ids.slice(0, 5).map((id) => `'${safe(id)}'`);
  const more = ids.length > shown.length ? ` and ${ids.length - shown.length} more` : "";
  return `it has no pane for ${shown.join(", ")}${more}, added since it was opened; ${anew}`;
}

/** Selects a step's pane in the mprocs that is open. */
export async function selectPane(answering: Answering, threados: Threados, step: string): Promise<number> {
  const selected = await answering.shell.mprocs.select(threados, step);
  if (!selected.ok) {
    const definition = threados.ports.definition.load();
    const isStep = definition.ok && definition.value.sequence.steps?.some(({ id }) => id === step) === true;
    if (selected.failure.code !== "step.unknown" || !isStep) return sayFailure(answering, selected.failure);
    const problem = `the mprocs that is open has no pane for '${step}', which was added since it was opened`;
    return sayFailure(answering, {
      code: "input.invalid",
      problem,
      hint: `${anew}; \`seqctl attach ${step}\` shows the step until then`,
    });
  }
  if (answering.json) sayJson(answering, { step, pane: selected.value.index });
  return 0;
}

/** A person has started a step's pane again: the step is started if it does not run, and else shown. */
export async function startFromPane(answering: Answering, threados: Threados, step: string): Promise<number> {
  const read = await threados.query("status", {});
  if (!read.ok) return sayFailure(answering, read.failure);
  const now = (read.value as StatusDoc).steps.find((each) => each.id === step);
  if (now?.status === "RUNNING") {
    await answering.shell.mprocs.wake(threados, step, { attempt: now.attempt });
    return 0;
  }
  return act(answering, threados, { action: "step.restart", input: { id: step } }, { detach: true });
}

/** Tells the panes what to show as the run goes on, until mprocs ends it. */
export async function watchPanes(answering: Answering, threados: Threados): Promise<number> {
  const { shell } = answering;
  let notify: () => void = () => undefined;
  const watcher = threados.watch(() => notify());
  const told = new Map<string, string>();
  try {
    for (;;) {
      const read = await threados.query("status", {});
      if (!read.ok) shell.err(`${read.failure.code}\n`);
      else await tellPanes(answering, threados, read.value as StatusDoc, told);
      await new Promise<void>((resume) => {
        const timer = setTimeout(resume, sweepMs);
        notify = () => {
          clearTimeout(timer);
          resume();
        };
      });
    }
  } finally {
    watcher.close();
  }
}

/** What is new goes to the panes; a pane that does not listen is told at the next look. */
async function tellPanes(
  answering: Answering,
  threados: Threados,
  doc: StatusDoc,
  told: Map<string, string>,
): Promise<void> {
  const { shell } = answering;
  for (const step of doc.steps) {
    if (!begun.has(step.status) || step.attempt === 0) continue;
    const attempt = `${doc.run}/${step.attempt}`;
    const before = told.get(step.id);
    // Whoever watched an attempt to its end has seen all of it.
    if (before === attempt || before === `${attempt} over`) continue;
    const isOver = !underWay.has(step.status);
    const what = isOver ? { text: await lastWords(answering, threados, step) } : { attempt: step.attempt };
    if (!(await shell.mprocs.wake(threados, step.id, what))) continue;
    told.set(step.id, isOver ? `${attempt} over` : attempt);
    shell.out(`${step.id} ${step.status.toLowerCase()}\n`);
  }
}

/** The end of what a step printed, and how it ended. */
async function lastWords(answering: Answering, threados: Threados, step: StepStatusDoc): Promise<string> {
  const { shell } = answering;
  const parts: string[] = [];
  for (const stream of ["stdout", "stderr"]) {
    const input = { id: step.id, attempt: step.attempt, stream, from: -textBytes };
    const read = await threados.query("logs", input);
    if (read.ok) parts.push(forReader(shell, (read.value as { text: string }).text));
  }
  return `${parts.join("")}\n${safe(step.why)}\n`;
}

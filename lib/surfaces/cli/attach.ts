import { err, ok, type Result } from "../../core/result";
import type { StepStatusDoc } from "../../core/views/status";
import type { Threados } from "../../threados";
import { forReader, safe } from "./paint";
import { type Answering, sayFailure, sayJson } from "./say";

const sweepMs = 250;
const chunkBytes = 262_144;
const ended = new Set(["DONE", "FAILED", "SKIPPED", "CANCELED"]);
const underWay = new Set(["RUNNING", "STOPPING"]);

/** What one attempt came to for somebody who watched it. */
type Watched = "over" | "detached";

interface Sight {
  run: string | null;
  status: StepStatusDoc;
}

/** Sits down at a step until it has ended, through all its attempts or at one of them; the exit code is the command's. */
export async function attach(
  answering: Answering,
  threados: Threados,
  id: string,
  attempt: string | undefined,
): Promise<number> {
  const inside = threados.ports.enclosingStep();
  if (inside !== undefined)
    return sayFailure(answering, { code: "agent.forbidden", action: "attach", step: inside });
  const only = attempt === undefined ? undefined : Number(attempt);
  if (only !== undefined && !(Number.isInteger(only) && only > 0)) {
    const problem = `--attempt: '${attempt}' is no number of an attempt`;
    return sayFailure(answering, { code: "input.invalid", problem });
  }
  return new Attachment(answering, threados, id, only).follow();
}

class Attachment {
  private readonly answering: Answering;
  private readonly threados: Threados;
  private readonly id: string;
  private readonly only: number | undefined;
  private notify: () => void = () => undefined;

  constructor(answering: Answering, threados: Threados, id: string, only: number | undefined) {
    this.answering = answering;
    this.threados = threados;
    this.id = id;
    this.only = only;
  }

  async follow(): Promise<number> {
    const watcher = this.threados.watch(() => this.notify());
    try {
      return await this.loop();
    } finally {
      watcher.close();
    }
  }

  private async loop(): Promise<number> {
    let shown: { run: string | null; attempt: number } | undefined;
    let said = "";
    for (;;) {
      const sight = await this.look();
      if (!sight.ok) return sayFailure(this.answering, sight.failure);
      const { run, status } = sight.value;
      // Whoever came before the first attempt, or saw one, sees each that follows, however soon it was over.
      if (shown && shown.run !== run) shown = { run, attempt: 0 };
      const number = this.only ?? (shown ? shown.attempt + 1 : status.attempt);
      const isShown = this.only !== undefined && shown?.attempt === number;
      const now = number === status.attempt && (underWay.has(status.status) || ended.has(status.status));
      if (number > 0 && run !== null && !isShown && (now || number < status.attempt)) {
        shown = { run, attempt: number };
        if ((await this.watch(run, number)) === "detached") return 0;
        continue;
      }
      if (this.only === undefined) shown ??= { run, attempt: Math.max(0, status.attempt - 1) };
      const over = ended.has(status.status) || isShown;
      if (over) return this.farewell(sight.value);
      if (said !== status.why) this.say(`waiting: ${status.why}`);
      said = status.why;
      await this.change();
    }
  }

  private async look(): Promise<Result<Sight>> {
    const answer = await this.threados.query("step", { id: this.id });
    if (!answer.ok) return answer;
    const sight = answer.value as Sight;
    return sight.status.attempt === undefined ? err({ code: "step.unknown", id: this.id }) : ok(sight);
  }

  /** One attempt from where it stands to its end. */
  private async watch(run: string, attempt: number): Promise<Watched> {
    const { shell, json } = this.answering;
    const { artifacts } = this.threados.ports;
    let seen = false;
    while (!json && (await this.runs(run, attempt))) {
      const end = await shell.terminal.visit(artifacts.path(run, this.id, attempt));
      if (!end) break;
      if (end.kind === "detached") {
        this.say("detached; the step goes on");
        return "detached";
      }
      if (end.kind === "ended") {
        seen = true;
        await this.until(async () => !(await this.runs(run, attempt)));
        break;
      }
      // Its terminal is about to be there, or put us off for being slow, or is no more.
      await this.change();
    }
    if (!seen && !json) await this.print(run, attempt);
    else if (!seen) await this.until(async () => !(await this.runs(run, attempt)));
    return "over";
  }

  /** Prints both outputs of an attempt, and goes on as they grow, until it has ended. */
  private async print(run: string, attempt: number): Promise<void> {
    const at = { stdout: 0, stderr: 0 };
    for (;;) {
      const goesOn = await this.runs(run, attempt);
      const more = [
        await this.piece(run, attempt, "stdout", at),
        await this.piece(run, attempt, "stderr", at),
      ];
      if (more.includes(true)) continue;
      if (!goesOn) return;
      await this.change();
    }
  }

  private async piece(
    run: string,
    attempt: number,
    stream: "stdout" | "stderr",
    at: { stdout: number; stderr: number },
  ): Promise<boolean> {
    const { shell } = this.answering;
    const input = { id: this.id, run, attempt, stream, from: at[stream], limit: chunkBytes };
    const read = await this.threados.query("logs", input);
    if (!read.ok) return false;
    const { text, bytes } = read.value as { text: string; bytes: number };
    at[stream] += bytes;
    if (text !== "") (stream === "stdout" ? shell.out : shell.err)(forReader(shell, text));
    return bytes > 0;
  }

  private async runs(run: string, attempt: number): Promise<boolean> {
    const sight = await this.look();
    if (!sight.ok) return false;
    const { status } = sight.value;
    return sight.value.run === run && status.attempt === attempt && underWay.has(status.status);
  }

  private async until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await this.change();
  }

  /** Waits until something may have changed. */
  private change(): Promise<void> {
    return new Promise((resume) => {
      const timer = setTimeout(resume, sweepMs);
      this.notify = () => {
        clearTimeout(timer);
        resume();
      };
    });
  }

  private farewell({ run, status }: Sight): number {
    const code = status.status === "DONE" || status.status === "SKIPPED" ? 0 : status.exit_code || 1;
    if (this.answering.json) {
      const { attempt, status: name, reason, exit_code } = status;
      sayJson(this.answering, { step: this.id, run, attempt, status: name, reason, exit_code });
    } else this.say(status.why);
    return code;
  }

  private say(text: string): void {
    if (this.answering.json) return;
    const { shell, paint } = this.answering;
    shell.err(`${paint("dim", safe(text))}\n`);
  }
}

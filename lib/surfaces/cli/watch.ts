import { ok, type Result } from "../../core/result";
import type { Step } from "../../core/sequence/schema";
import type { StepStatusDoc } from "../../core/views/status";
import type { Threados } from "../../threados";
import { type Answering, sayFailure } from "./say";

/** How long a step may be silent where its watchdog does not say. */
const silentMsDefault = 600_000;
const lookEveryMs = 1000;

interface Seen {
  definition: Step;
  status: StepStatusDoc;
}

/**
 * The watchdog of a step that has none of its own: restarts what it watches whenever that has given no sign of life for too
 * long, and ends it once it may not restart it again. The engine ends it along with what it watches.
 */
export async function watch(answering: Answering, threados: Threados): Promise<number> {
  const { shell } = answering;
  const { THREADOS_WATCHED: id, THREADOS_STEP_ID: own, THREADOS_TOKEN: token } = shell.env;
  if (id === undefined || own === undefined)
    return sayFailure(answering, {
      code: "input.invalid",
      problem: "`engine watch` is what ThreadOS runs in a step with `watchdog_for`",
      hint: "give a step `watchdog_for: <id>` and no command",
    });
  const caller = { actor: "user", surface: "cli", ...(token ? { token } : {}) } as const;
  const act = (action: string) => threados.dispatch({ action, input: { id } }, caller, { propose: true });
  let handled = 0;
  for (;;) {
    const [watched, self] = [await look(threados, id), await look(threados, own)];
    if (!watched.ok) return sayFailure(answering, watched.failure);
    if (!self.ok) return sayFailure(answering, self.failure);
    const { status, attempt, started_at, heartbeat_at } = watched.value.status;
    const limitMs = self.value.definition.restart_after_ms ?? silentMsDefault;
    const leftMs = Math.max(started_at ?? 0, heartbeat_at ?? 0) + limitMs - shell.now();
    if (status === "RUNNING" && attempt > handled && leftMs <= 0) {
      shell.out(`'${id}' has given no sign of life for ${limitMs} ms: restarting it\n`);
      const restarted = await act("step.restart");
      const isOver = !restarted.ok && restarted.failure.code === "watchdog.limit";
      if (isOver) shell.out(`'${id}' was restarted as often as it may be: stopping it\n`);
      const ended = isOver ? await act("run.stop") : restarted;
      if (!ended.ok) return sayFailure(answering, ended.failure);
      handled = attempt;
    }
    await new Promise((resume) => setTimeout(resume, Math.min(Math.max(leftMs, 50), lookEveryMs)));
  }
}

async function look(threados: Threados, id: string): Promise<Result<Seen>> {
  const seen = await threados.query("step", { id });
  return seen.ok ? ok(seen.value as Seen) : seen;
}

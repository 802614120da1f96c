import type { FailureOf } from "../../core/failure";
import { acceptLog, logStanding } from "../../runtime/accept-log";
import type { Threados } from "../../threados";
import { agrees } from "./act";
import { type Answering, sayFailure, sayJson } from "./say";

const action = "audit.accept";

/** Goes on with a log that is not the one that was written, once a person has said so twice; the exit code. */
export async function acceptAudit(answering: Answering, { ports }: Threados): Promise<number> {
  const { shell, json, yes, paint } = answering;
  const step = ports.enclosingStep() ?? (shell.env.THREADOS_TOKEN ? "@cli" : undefined);
  if (step !== undefined) return sayFailure(answering, { code: "agent.forbidden", action, step });
  const shown = logStanding(ports);
  if (shown === undefined) {
    if (json) sayJson(answering, { accepted: false });
    else shell.out("the log is as it was recorded: there is nothing to accept\n");
    return 0;
  }
  const question: FailureOf<"confirm.required"> = {
    code: "confirm.required",
    action,
    summary: "go on with the audit log as it stands",
    times: 2,
    confirm: ports.sha256(JSON.stringify(shown)),
    why: "what is missing of the record, or was changed, can't be had again",
    shows: [shown.problem, ...(shown.reach ? [shown.reach] : [])],
  };
  if (!yes && (json || !shell.canAsk)) return sayFailure(answering, question);
  if (!yes && !(await agrees(answering, question, false))) {
    shell.err("nothing was done\n");
    return 3;
  }
  const accepted = await acceptLog(ports, shown);
  if (!accepted.ok) return sayFailure(answering, accepted.failure);
  const { entry, kept, isAmid, isVouched } = accepted.value;
  const files = kept.map((part) => part.kept);
  if (json)
    sayJson(answering, {
      accepted: true,
      seq: entry.seq,
      ...(isVouched ? {} : { vouched: false }),
      ...(files.length > 0 ? { kept: files } : {}),
    });
  else {
    const what = isAmid ? "what was found" : "what was no entry";
    const aside = files.length > 0 ? `; ${what} is kept in ${files.join(", ")}` : "";
    const wrong = isAmid ? "wrong" : "missing";
    shell.out(
      `${isVouched ? `${paint("green", "✓")} ` : ""}the log goes on as it stands; entry ${entry.seq} says what was ${wrong}${aside}\n`,
    );
  }
  if (!isVouched) {
    const again = isAmid ? "; `seqctl audit verify` will find the fault again" : "";
    shell.err(
      `no checkpoint could be kept for entry ${entry.seq} in ${ports.audit.checkpointsAt}${again}: mend that place, then accept once more\n`,
    );
  }
  return 0;
}

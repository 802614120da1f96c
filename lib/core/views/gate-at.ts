import type { GateShowDoc } from "../../runtime/gate-doc";
import { shownBy, standingOf } from "../engine/exhibit";
import { stepRun } from "../engine/run";
import { explainStale, staleness } from "../engine/stale";
import { decisionDoc, pastDecisions } from "./decision";
import { type ReplayDoc, Replayer } from "./replay";

/**
 * What a gate showed, and the decision that held, at a time (ms since the epoch) of a run. The files are those of
 * `shown`, the answer of now, and so only of attempts that it shows, too, and that had ended by then; from there, too,
 * are the decisions of the runs before.
 */
export function gateAt(shown: GateShowDoc, doc: ReplayDoc, at: number): GateShowDoc {
  const { run, plan } = new Replayer(doc).until(at);
  const node = plan.graph.nodes.get(shown.id);
  // What was marked then is not known any more; that it fell is told by the decisions.
  const { fell: _, ...rest } = shown;
  const gate = node?.kind === "gate" ? node.gate : undefined;
  return {
    ...rest,
    name: gate?.name ?? shown.name,
    description: gate?.description ?? null,
    questions: gate?.questions ?? [],
    shows: shownBy(run, plan, shown.id).map((step) => {
      const state = stepRun(run, step);
      const [attempt, standing] = [state.attempt, standingOf(state)];
      const now = shown.shows.find((each) => each.step === step);
      const isSame = doc.newest && now?.attempt === attempt && standing !== "open";
      const left = { files: isSame ? now.files : [], unbound: isSame ? now.unbound : [] };
      const definition = isSame ? now.definition : (state.definition ?? "");
      const stale = staleness(run, plan, step);
      const told = stale ? { stale: explainStale(stale) } : {};
      return { step, attempt, standing, definition, ...told, ...left };
    }),
    starts: [],
    decision: decisionDoc(run.gates.get(shown.id)),
    decisions: pastDecisions(run, shown.id),
    earlier: shown.earlier.filter((each) => each.run < doc.run),
  };
}

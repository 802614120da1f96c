import { countOf } from "../../lib/core/count";
import type { Expected } from "../../lib/core/engine/forecast";
import { sayDuration } from "../state/duration";
import type { Effect } from "./wire";

/** What the policy says to a proposal, and what it would start. */
export function Outlook({ effect, tainted }: { effect: Effect; tainted: boolean }) {
  const { verdict, forecast } = effect;
  const { steps, agents, gates, starts, expected } = forecast;
  return (
    <dl className="chat-outlook">
      <div>
        <dt>Policy</dt>
        <dd>
          <span className="chip" data-mode={verdict.mode}>
            {verdict.mode}
          </span>{" "}
          {asks[verdict.ask]}
          {verdict.why !== "" && <span className="text-muted">: {verdict.why}</span>}
          {tainted && <span className="text-muted">; text from elsewhere was read</span>}
        </dd>
      </div>
      <div>
        <dt>Starts</dt>
        <dd>
          {steps === 0 ? (
            "nothing by itself"
          ) : (
            <span title={starts.join(", ")}>
              {countOf(steps, "step")}
              {agents > 0 && `, ${agents} by agents`}
              {gates > 0 && `, ${countOf(gates, "gate")} on the way`}
            </span>
          )}
        </dd>
      </div>
      {expected && (
        <div>
          <dt>Takes</dt>
          <dd>{saysExpected(expected)}</dd>
        </div>
      )}
    </dl>
  );
}

const asks = ["allowed at once", "asks once", "asks twice"] as const;

/** What it took before, and what of it is not known. */
function saysExpected({ ms, cost_usd, attempts, without_history: unknown }: Expected): string {
  if (ms === null) return "nobody knows: no attempt at it has ended well yet";
  const cost = cost_usd === null ? "" : ` and ${cost_usd.toFixed(2)} USD`;
  const rest = unknown.length === 0 ? "" : `; none has ended well yet of ${unknown.join(", ")}`;
  return `about ${sayDuration(ms)}${cost}, by ${countOf(attempts, "attempt")} of the past${rest}`;
}

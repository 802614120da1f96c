import { type AnyAction, findAction } from "../core/actions";
import { agentStep, type Caller } from "../core/actor";
import type { Json } from "../core/json";
import type { Risk } from "../core/policy/decide";
import { err, ok, type Result } from "../core/result";
import { proposalDecision } from "./history";
import { type Done, type Passage, plainSummary } from "./passage";
import type { Ports, Proposal } from "./ports";
import { recordAudit } from "./record";

/** Keeps a call that nobody could be asked about. A gate's decision is not kept: only a person who looks can make it. */
export function leaveProposal(passage: Passage, risk: Risk, base: string, summary: string): Result<never> {
  const { ports, action, input, caller } = passage;
  if (risk === "decide") return err({ code: "approval.pending", summary });
  const id = ports.newRunId();
  ports.proposals.write({
    id,
    ts: new Date(ports.now()).toISOString(),
    actor: caller.actor,
    surface: caller.surface,
    summary,
    base,
    calls: [{ action: action.name, input: plainSummary(input) }],
  });
  return err({ code: "approval.pending", proposal: id, summary });
}

/** How a call is carried out once it is decided. */
type Perform = (
  ports: Ports,
  action: AnyAction,
  input: unknown,
  caller: Caller,
  options: { yes: boolean },
) => Result<Done>;

/** A person's yes or no to a proposal; yes carries its calls out in the person's name. */
export function decideProposal(
  passage: Passage,
  decision: "approve" | "reject",
  wanted: string,
  perform: Perform,
): Result<Done> {
  const { ports, action, caller, options } = passage;
  const proposal = findProposal(ports, wanted);
  if (!proposal.ok) return proposal;
  const { id, calls, summary } = proposal.value;
  const decided = proposalDecision(ports, id);
  if (decided) return err({ code: "proposal.decided", id, decision: decided });
  const agent = agentStep(caller.actor);
  if (agent !== undefined) return err({ code: "agent.forbidden", action: action.name, step: agent });
  if (decision === "approve" && !options.yes) {
    const asked = askFor(passage, proposal.value);
    if (!asked.ok) return asked;
  }
  const done: Done = {
    action: action.name,
    summary: `${decision} proposal ${id}: ${summary}`,
    changed: true,
    warnings: [],
  };
  if (options.dryRun) return ok(done);
  let last: Done | undefined;
  if (decision === "approve") {
    for (const call of calls) {
      const wantedAction = findAction(call.action);
      const input = wantedAction?.input.safeParse(call.input);
      if (!wantedAction || !input?.success) return err({ code: "action.unknown", name: call.action });
      const carried = perform(ports, wantedAction, input.data, caller, { yes: true });
      if (!carried.ok) return carried;
      last = carried.value;
    }
  }
  const entry = recordAudit(ports, {
    actor: caller.actor,
    surface: caller.surface,
    action: action.name,
    target: id,
    payload: { summary, calls: calls as unknown as Json },
    policy_mode: "SAFE",
    result: "success",
  });
  if (!entry.ok) return entry;
  return ok({
    ...done,
    ...(last?.run ? { run: last.run, pursued: last.pursued ?? null } : {}),
    audit: entry.value.seq,
  });
}

function askFor(passage: Passage, proposal: Proposal): Result<null> {
  const { ports, action, options } = passage;
  const confirm = ports.sha256(JSON.stringify(proposal));
  if (options.confirm === confirm) return ok(null);
  if (options.confirm !== undefined) return err({ code: "confirm.stale", action: action.name });
  if (options.propose) return err({ code: "approval.pending", summary: `approve proposal ${proposal.id}` });
  const shows = proposal.calls.map((call) => `${call.action} ${JSON.stringify(call.input)}`);
  return err({
    code: "confirm.required",
    action: action.name,
    summary: proposal.summary,
    times: 1,
    confirm,
    why: "it was proposed",
    shows,
  });
}

/** A proposal by its id or the unambiguous beginning of it. */
export function findProposal(ports: Ports, wanted: string): Result<Proposal> {
  const matches = ports.proposals
    .list()
    .filter((p) => p.id.startsWith(wanted.toUpperCase()) && wanted.length >= 4);
  const only = matches.length === 1 ? matches[0] : undefined;
  return only ? ok(only) : err({ code: "proposal.unknown", id: wanted });
}

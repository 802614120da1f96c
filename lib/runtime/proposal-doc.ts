import { reasoned } from "../core/actions/reasoned";
import { scrubText } from "../core/audit/scrub";
import { renderFailure } from "../core/failure-table";
import { besideLines, type Shown, shownLines } from "../core/policy/shown";
import { isOutOfDate, type ProposalState, standingOf } from "../core/views/proposal";
import { looking } from "./looking";
import type { Ports, Proposal } from "./ports";
import { loadFor, weighProposal } from "./propose";
import { editsIn, sentenceOf } from "./sentences";
import { shownCall, shownUnified, shownWithout } from "./shown-change";
import type { State } from "./state";

/** A waiting proposal as the inbox shows it. */
export interface ProposalDoc extends Omit<Proposal, "shown"> {
  state: ProposalState;
  problem: string | null;
  /** Whether it can't be carried out as it was made any more. */
  out_of_date: boolean;
  /** The state as a part of a sentence, and what helps; null where it is ready. */
  standing: string | null;
  remedy: string | null;
  changed: string[];
  /** What a yes is bound to; null where there is nothing to say yes to. */
  confirm: string | null;
  times: 1 | 2;
  commands: Shown["commands"];
  diff: Shown["diff"] | null;
  lines: string[];
  /** What each call does, in a sentence. */
  sentences: string[];
  /** What would change in sequence.yaml, as a unified diff; empty if nothing does. */
  unified: string;
  /** What would come of it beside that: what starts, other files. */
  beside: string[];
  /** What the rules say to it: how often they ask, and why; null where it can't be carried out. */
  verdict: { ask: 0 | 1 | 2; why: string } | null;
  /** What a person types to settle it. */
  next: string[];
}

type Weighed = Omit<ProposalDoc, "out_of_date" | "standing" | "remedy">;

/** How a waiting proposal stands. */
export async function proposalDoc(ports: Ports, proposal: Proposal, state: State): Promise<ProposalDoc> {
  const doc = await weighedDoc(ports, proposal, state);
  const told = standingOf(doc, proposal.base !== state.definition.digest);
  return { ...doc, out_of_date: isOutOfDate(doc), ...told };
}

async function weighedDoc(ports: Ports, proposal: Proposal, state: State): Promise<Weighed> {
  // Over a text that can't be read a yes would be weighed on that one, not on the last that could be.
  const mended = ports.definition.load().ok ? undefined : loadFor(ports, proposal);
  const on = mended?.ok ? mended.value : state;
  const weighed = weighProposal(looking(ports), proposal, on, { actor: "user", surface: "cli" });
  if (on !== state) on.journal?.close();
  const known = ports.knownSecrets();
  const clean = (text: string) => scrubText(text, known);
  const head = {
    ...headOf(proposal),
    summary: clean(proposal.summary),
    calls: proposal.calls.map((call) => shownCall(call, known)),
  };
  const then = proposal.shown && shownWithout(proposal.shown, known);
  if (weighed.ok) {
    const { notes, times, changed, outcome, verdict } = weighed.value;
    const shown = shownWithout(weighed.value.shown, known);
    const [before, after] = [outcome.before.definition.text, outcome.after.definition.text];
    const { digest: confirm, commands, diff } = shown;
    const now = changed.length > 0 ? ("moved" as const) : ("ready" as const);
    return {
      ...head,
      state: now,
      problem: null,
      changed,
      confirm,
      times,
      commands,
      diff,
      lines: shownLines(shown, notes),
      sentences: outcome.parts
        .flatMap(({ action, input, summary }) => {
          const edits = editsIn({ action: action.name, input });
          return edits ? edits.map(sentenceOf) : [reasoned(summary, input)];
        })
        .map(clean),
      unified: await shownUnified(ports, before, after, known),
      beside: besideLines(shown, notes),
      verdict,
      next: [
        `seqctl approve ${proposal.id}${now === "moved" ? ` --digest ${confirm}` : ""}`,
        `seqctl reject ${proposal.id}`,
      ],
    };
  }
  const { failure } = weighed;
  const isStale = failure.code === "proposal.stale";
  return {
    ...head,
    state: isStale ? "stale" : "blocked",
    problem: clean(isStale ? failure.problem : renderFailure(failure).message),
    changed: [],
    confirm: null,
    times: 1,
    commands: then?.commands ?? [],
    diff: then?.diff ?? null,
    lines: then ? shownLines(then) : [],
    sentences: proposal.calls
      .flatMap((call) => editsIn(call) ?? [call])
      .map(sentenceOf)
      .map(clean),
    unified: "",
    beside: then ? besideLines(then) : [],
    verdict: null,
    next: isStale
      ? [`seqctl reject ${proposal.id}`]
      : [`seqctl approve ${proposal.id}`, `seqctl reject ${proposal.id}`],
  };
}

function headOf({ shown: _, ...head }: Proposal): Omit<Proposal, "shown"> {
  return head;
}

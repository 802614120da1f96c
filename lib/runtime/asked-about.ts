import { reasoned } from "../core/actions/reasoned";
import { scrubText } from "../core/audit/scrub";
import type { Json } from "../core/json";
import type { AskedAbout } from "../core/policy/asked";
import type { Shown } from "../core/policy/shown";
import { withVoids } from "./exhibit";
import { startsOf } from "./foretell";
import { followingStarts, type GoingOn } from "./going-on";
import type { Call } from "./passage";
import type { Ports } from "./ports";
import { editsIn, riskOfEdit, sentenceOf } from "./sentences";
import { shownCall, shownWithout } from "./shown-change";
import type { Started } from "./started";
import { type Outcome, type Part, riskOf } from "./work-out";

/** What a person is asked about, part by part, as it may be shown; `call` is the one that a yes carries out, `lost` the approvals that it takes, on a line. */
export function askedAbout(
  ports: Ports,
  outcome: Outcome,
  started: readonly Started[],
  whole: Shown,
  call: Call,
  { going, lost }: { going: GoingOn; lost: readonly string[] },
): AskedAbout {
  const known = ports.knownSecrets();
  const shown = shownWithout(whole, known);
  const { action, input } = shownCall(call, known);
  return {
    call: { action, input: input as Json },
    parts: outcome.parts.flatMap(partsOf).map((part) => ({
      ...part,
      summary: scrubText(part.summary, known),
    })),
    changes: shown.diff,
    starts: startsOf(ports, outcome.after, started, outcome.parts.find(({ news }) => news)?.news),
    follows: followingStarts(ports, going),
    beside: [...lost, ...besideOf(shown)],
    undone: outcome.parts.every(({ action: { effect } }) =>
      ["edit", "text", "history"].includes(effect.kind),
    ),
  };
}

/** All approvals that hold now and would not any more, on a line; none in a new run, where nothing was decided yet. */
export function lostLine(ports: Ports, { before, after, run }: Outcome): string[] {
  if (run.opens) return [];
  const { gates } = withVoids(ports, after.run, after.plan).run;
  const lost = [...before.run.gates].flatMap(([id, { status }]) =>
    status === "APPROVED" && gates.get(id)?.status !== "APPROVED" ? [id] : [],
  );
  return lost.length === 0 ? [] : [`approvals that become void: ${lost.join(", ")}`];
}

/** What else comes of it, for people: digests stand among the lines that a yes is bound to. */
function besideOf({ files, prompts, subjects }: Shown): string[] {
  return [
    ...files.map(({ path, before }) => `.threados/${path} is ${before === null ? "made" : "changed"}`),
    ...prompts.map(({ step }) => `the agent of ${step} is told its prompt`),
    ...subjects.flatMap(({ shows }) => shows.map((line) => line.replace(/, sha256 [0-9a-f]{16}$/, ""))),
  ];
}

function partsOf(part: Part): AskedAbout["parts"] {
  const { action, input, summary } = part;
  const edits = editsIn({ action: action.name, input });
  if (!edits) return [{ action: action.name, summary: reasoned(summary, input), risk: riskOf(part) }];
  return edits.map((edit) => ({ action: edit.action, summary: sentenceOf(edit), risk: riskOfEdit(edit) }));
}

import { goingOnAfter } from "../core/engine/unlocked";
import type { AskedStart, GoesOn } from "../core/policy/asked";
import { withVoids } from "./exhibit";
import { gatesBeforeEach, type Judged, startsOf } from "./foretell";
import type { Ports } from "./ports";
import { unlockedWith } from "./started";
import type { Outcome } from "./work-out";

/** What was asked for before and goes on by itself once what the calls start is done, as things stand then. */
export interface GoingOn {
  judged: Judged;
  follows: GoesOn[];
}

/** Works it out; the names alone, which is all that a yes is bound to. */
export function goingOn(ports: Ports, { after, parts }: Outcome): GoingOn {
  const starts = parts.flatMap((part) => part.starts);
  if (starts.length === 0) return { judged: after, follows: [] };
  // What is done anew may take approvals with it.
  const { run } = withVoids(ports, after.run, after.plan);
  const judged = { ...after, run };
  return { judged, follows: gatesBeforeEach(judged, goingOnAfter(run, after.plan, starts)) };
}

/** The same with the words that each is started with. */
export function followingStarts(ports: Ports, { judged, follows }: GoingOn): AskedStart[] {
  const ids = follows.map(({ step }) => step);
  return startsOf(ports, judged, unlockedWith(ports, judged.plan, ids));
}

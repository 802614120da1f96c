import { expect, test } from "bun:test";
import {
  isOutOfDate,
  isPast,
  type ProposalState,
  sayMoved,
  standingOf,
} from "../../../lib/core/views/proposal";

const run = [{ action: "run.start" }];
const edit = [{ action: "step.edit" }];
const now = "would now do something else than when it was proposed";
const away = "clear it away, and ask again if it is still wanted";
const look = "look at what it would do now, or turn it down and ask again";

const rows: [
  state: ProposalState,
  actor: string,
  calls: { action: string }[],
  problem: string | null,
  past: boolean,
  old: boolean,
  standing: string | null,
  remedy: string | null,
][] = [
  ["ready", "user", run, null, false, false, null, null],
  ["ready", "chat", edit, null, false, false, null, null],
  ["moved", "chat", edit, null, false, true, `out of date: the sequence changed since, and it ${now}`, look],
  [
    "moved",
    "agent:a",
    run,
    null,
    false,
    true,
    `out of date: the sequence changed since, and it ${now}`,
    look,
  ],
  // One's own call to run something as it stood once.
  ["moved", "user", run, null, true, true, `out of date: the sequence changed since, and it ${now}`, away],
  ["blocked", "user", run, "'a' is done", true, true, "out of date: 'a' is done", away],
  ["blocked", "chat", edit, "'a' runs", false, false, "it can't be carried out now: 'a' runs", null],
  ["stale", "chat", edit, "it is there already", true, true, "out of date: it is there already", away],
];

test.each(rows)(
  "a proposal that is %s, of %s with %j: %p",
  (state, actor, calls, problem, past, old, standing, remedy) => {
    const proposal = { state, actor, calls, problem };
    expect([isPast(proposal), isOutOfDate(proposal)]).toEqual([past, old]);
    expect(standingOf(proposal, true)).toEqual({ standing, remedy });
  },
);

test("what moved it is told only where it is known, and one that does the same is not out of date", () => {
  expect(sayMoved({ sequence: false, same: false })).toBe(`out of date: it ${now}`);
  expect(sayMoved({ sequence: true, same: true })).toBe(
    "the sequence changed since it was proposed; it would still do the same",
  );
});

import { expect, test } from "bun:test";
import { questionIn } from "../../components/state/api";
import { partedProposals } from "../../components/state/waiting";
import type { ProposalDocument } from "../../components/state/wire";

const from = (surface: string, more: object = {}) =>
  ({
    id: surface,
    surface,
    actor: "user",
    state: "ready",
    calls: [],
    ...more,
  }) as unknown as ProposalDocument;

test("what one asked the chat for and left is apart from what others wait for", () => {
  const { asked, left, past } = partedProposals([from("chat"), from("mcp"), from("cli")]);
  expect(asked.map(({ surface }) => surface)).toEqual(["mcp", "cli"]);
  expect(left.map(({ surface }) => surface)).toEqual(["chat"]);
  expect(past).toEqual([]);
});

test("what time has passed by is apart from both, and what has only moved is not among it", () => {
  const gone = [from("chat", { state: "stale" }), from("mcp", { state: "stale" })];
  const moved = from("cli", { state: "moved", calls: [{ action: "step.rm" }] });
  const ownRun = from("http", { state: "blocked", calls: [{ action: "run.start" }] });
  const parted = partedProposals([...gone, moved, ownRun]);
  expect(parted).toEqual({ asked: [moved], left: [], past: [...gone, ownRun] });
});

test("a proposal that would do something else by now is a question, and no other refusal is one", () => {
  const moved = { summary: "run a", changed: ["now: a"], times: 2, confirm: "d", shows: ["a"] };
  expect(questionIn(JSON.stringify({ code: "proposal.moved", error: moved }))).toEqual({
    ...moved,
    why: "it does something else than its proposer saw",
  } as never);
  const asked = { summary: "s", why: "w", times: 1, confirm: "d", shows: [] };
  expect(questionIn(JSON.stringify({ code: "confirm.required", error: asked }))).toEqual(asked as never);
  expect(questionIn(JSON.stringify({ code: "proposal.stale", error: moved }))).toBeUndefined();
  expect(questionIn("<html>")).toBeUndefined();
});

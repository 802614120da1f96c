import { expect, test } from "bun:test";
import { commandsOf, type MoreOfNode } from "../../components/commands/of-node";
import type { Doing } from "../../components/state/doing";
import type { GateState } from "../../components/state/wire";

const offered = (gate: Pick<GateState, "status" | "takes">) =>
  commandsOf(
    { id: "g", name: "g", shows: [], ...gate } as unknown as GateState,
    {} as Doing,
    {} as MoreOfNode,
  )
    .filter(({ id }) => ["approve", "reject", "block"].includes(id))
    .map(({ title }) => title);

test.each<[string, GateState["status"], GateState["takes"], string[]]>([
  ["that asks", "PENDING", ["approve", "reject", "block"], ["Approve", "Reject…", "Block"]],
  ["that asks nobody yet", "PENDING", ["reject", "block"], ["Block ahead of time"]],
  ["that was blocked ahead of time", "BLOCKED", ["reject"], []],
  ["that was turned down", "BLOCKED", ["approve", "reject"], ["Approve", "Reject…"]],
  ["that was approved", "APPROVED", ["reject", "block"], ["Block: take the yes back"]],
  ["of a run that was given up", "BLOCKED", [], []],
])("at a gate %s only what the door takes is offered, in words that fit", (_, status, takes, titles) =>
  expect(offered({ status, takes })).toEqual(titles),
);

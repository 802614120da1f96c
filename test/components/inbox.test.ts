import { expect, test } from "bun:test";
import { partedProposals } from "../../components/state/waiting";
import type { ProposalDocument } from "../../components/state/wire";

const from = (surface: string) => ({ id: surface, surface }) as unknown as ProposalDocument;

test("what one asked the chat for and left is apart from what others wait for", () => {
  const { asked, left } = partedProposals([from("chat"), from("mcp"), from("cli")]);
  expect(asked.map(({ surface }) => surface)).toEqual(["mcp", "cli"]);
  expect(left.map(({ surface }) => surface)).toEqual(["chat"]);
});

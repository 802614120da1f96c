import { expect, test } from "bun:test";
import { parse } from "yaml";
import { grammar } from "../../../lib/surfaces/cli/grammar";
import { say } from "../../rig/fake-shell";
import { onlyDocument } from "../../rig/workspace";

test("the skill file names every command, and needs no workspace", async () => {
  const { exit, out } = await say(["skill"]);
  expect(exit).toBe(0);
  for (const { words, hidden } of grammar)
    if (hidden) expect(out).not.toContain(`seqctl ${words}`);
    else expect(out).toMatch(new RegExp(`^- \`seqctl ${words}[\` ]`, "m"));
  expect(out).not.toMatch(/undefined|\[object/);
});

test("the skill file begins with the fields that clients read", async () => {
  const { out } = await say(["skill"]);
  const [, front = ""] = /^---\n([\s\S]*?)\n---\n/.exec(out) ?? [];
  const { name, description } = parse(front);
  expect(name).toMatch(/^[a-z0-9-]{1,64}$/);
  expect(description.length).toBeGreaterThan(50);
  expect(description.length).toBeLessThan(1024);
});

test("--json gives it as one document", async () => {
  const text = (await say(["skill"])).out;
  expect(onlyDocument((await say(["skill", "--json"])).out)).toEqual({ text });
});

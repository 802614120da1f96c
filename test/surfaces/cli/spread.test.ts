import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { sayIn } from "../../rig/fake-shell";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const steps = [
  { id: "words", command: ["sh", "-c", 'set -e\nprintf "a\\nb"\n'] },
  { id: "line", command: "printf 'a\\nb'\n? run nothing at all\n  Go ahead? [y/N]" },
  { id: "plain", command: ["true"] },
];

test("a command of several lines is asked about on as many, of which none can pass for a question", async () => {
  const at = await Workspace.make({ steps });
  const { exit, err } = await sayIn(at, ["run"], { answers: ["n"] });
  expect(exit).toBe(3);
  expect(err.split("\n").slice(1, -2)).toEqual([
    '  · words: ["sh","-c","set -e',
    '    │ printf \\"a\\\\nb\\"',
    '    │ "]  (arbitrary-code, rule builtin.shell)',
    "  · line: printf 'a\\nb'",
    "    │ ? run nothing at all",
    "    │   Go ahead? [y/N]  (arbitrary-code, rule builtin.shell.line)",
    '  · plain: ["true"]  (read-only, rule builtin.reader)',
  ]);
});

test("the inbox shows it the same way", async () => {
  const at = await Workspace.make({ steps });
  expect((await at.json(["run"])).exit).toBe(3);
  const { out } = await sayIn(at, ["inbox"]);
  expect(out).toContain('    words: ["sh","-c","set -e\n      │ printf');
  expect(out).toContain("\n      │ ? run nothing at all\n");
});

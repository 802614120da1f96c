// What the chat without a model answers to questions: sentences, lists and tables about a real workspace, never its raw data.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { sayAnswer } from "../../lib/core/chat/answers";
import { type ViewName, views } from "../../lib/core/views/view";
import { chatOf, exchange } from "../rig/chat";
import { value } from "../rig/sequence";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(120_000);

let at: Workspace;
let opened: Awaited<ReturnType<typeof chatOf>>;

beforeAll(async () => {
  at = await Workspace.make({
    steps: [
      {
        id: "build",
        command: [
          "sh",
          "-c",
          "echo made; echo '[x](http://evil) | ```' >r.txt; cp r.txt $THREADOS_OUTPUT_DIR/",
        ],
      },
      { id: "e2e", command: ["sh", "-c", "echo 'two failed' >&2; exit 3"], depends_on: ["build"] },
      { id: "both", command: ["sh", "-c", "echo out; echo err >&2"], group_id: "checks", type: "p" },
      { id: "lint", command: ["true"], group_id: "checks", type: "p" },
      { id: "deploy", name: "Ship *it*", command: ["true"], depends_on: ["review"] },
      { id: "fix-a", type: "f", command: ["true"] },
      { id: "fix-b", type: "f", command: ["true"] },
      { id: "fix", command: ["true"], type: "f", fusion_synth: true, fusion_candidates: ["fix-a", "fix-b"] },
      { id: "agent", model: "claude-code", depends_on: ["review"] },
    ],
    gates: [{ id: "review", name: "Look | at it", depends_on: ["build"], shows: ["build"] }],
  });
  at.write(".threados/prompts/agent.md", "Mend it.\n");
  await at.seqctl(["run", "--yes"]);
  await at.seqctl(["run", "--new", "--yes"]);
  await at.seqctl(["step", "edit", "lint", "--name", "Look at style", "--yes"]);
  opened = await chatOf(at);
});
afterAll(cleanUp);

const asked: { [N in ViewName]: [input: Record<string, unknown>, says: RegExp[]] } = {
  status: [
    {},
    [/^9 steps: .*1 FAILED.*; 1 gate\. The run is open.* Mode SAFE\./, /\| `step e2e` \| FAILED \| /],
  ],
  sequence: [{}, [/^`sequence\.yaml:1`, revision `\w{12}`:\n\n```yaml\nversion: 1/]],
  "sequence.text": [{}, [/^`sequence\.yaml:1`, revision `\w{12}`:\n\n```yaml\nversion: 1/]],
  "sequence.history": [{}, [/^Undo would change this: .*lint.*, by .*\. There is nothing to redo\.$/]],
  "sequence.problems": [{}, [/^All is well: nothing is wrong with the file\.$/]],
  "sequence.diff": [
    {},
    [/did step\.edit \(lint\)/, /`audit #\d+`/, /- ~ `step lint`: name – → `Look at style`/],
  ],
  step: [{ id: "e2e" }, [/^`step e2e` is FAILED: .*\(1 attempt, took .*, exit 3\)/, /```yaml\nid: e2e/]],
  why: [{ id: "deploy" }, [/^deploy is BLOCKED: /]],
  prompt: [{ id: "agent" }, [/^It stands in `\.threados\/prompts\/agent\.md`:\n\n```\nMend it\.\n```$/]],
  layout: [{}, [/^The canvas places everything by itself\.$/]],
  "agents.list": [{}, [/^\d of \d agents? (?:is|are) ready:/, /\| claude-code \| no \|/]],
  "gate.list": [{}, [/^1 gate:/, /\| `gate review` \| Look \\\| at it \|/]],
  "gate.show": [
    { id: "review" },
    [/^`gate review`, Look \\\| at it, is /, /`r\.txt` \(/, /\| '''/, /seqctl gate approve review/],
  ],
  "group.list": [{}, [/^1 group:\n- checks: `step both`, `step lint` \(2 DONE\)$/]],
  "fusion.compare": [
    { synth: "fix" },
    [/^`step fix` joins 2 candidates\. There are no two patches/, /\| `step fix-a` \| DONE \|/],
  ],
  "worktree.list": [{}, [/^There are no worktrees\.$/]],
  "template.list": [{}, [/^\d+ templates; say "apply the base template"/, /\n- chained: /]],
  "template.show": [
    { type: "chained" },
    [/^The template chained: /, /\| parameter \|/, /It makes:\n\n```yaml/],
  ],
  logs: [
    { id: "both" },
    [/on stdout \(4 bytes, `log both @0`\):\n\n```\nout\n```/, /on stderr \(4 bytes\):\n\n```\nerr\n```/],
  ],
  "logs.lines": [
    { id: "both", stream: "stderr" },
    [/^Attempt 1 of `step both` printed 1 line on stderr, 4 bytes\.$/],
  ],
  "logs.search": [
    { id: "both", text: "ut" },
    [/^Found 1 time in what `step both` printed on stdout:\n\n- line 1, column 2$/],
  ],
  artifacts: [{ step: "build" }, [/^Attempt 1 of `step build` left 4 files:/, /\| `r\.txt` \| 23 bytes \|/]],
  artifact: [
    { step: "build", name: "r.txt" },
    [/^`r\.txt` of `step build`, attempt 1, 23 bytes:\n\n```\n\[x\]\(http:\/\/evil\) \| '''\n```$/],
  ],
  events: [{}, [/^Run `\w{26}`: \d+ facts/, /attempt\.exited/]],
  "runs.list": [{}, [/^2 runs:/, /\| `\w{26}` \| open \| 20\d\d-/, /superseded/]],
  "runs.show": [
    {},
    [
      /^Run `\w{26}` took [\d.]+ m?s and is still open\. It was started 20/,
      /\| `step e2e` \| FAILED \| .* \| 1 \| 3 \|/,
    ],
  ],
  "runs.replay": [{}, [/^Run `\w{26}`: \d+ facts/]],
  "runs.diff": [{}, [/^Run `\w{26}` \(20.* took /, /They followed different definitions: `seqctl diff /]],
  "audit.read": [{ limit: 1 }, [/^1 entry of \d+:/, /\| `audit #1` \|/]],
  "audit.tail": [{ n: 2 }, [/^2 entries:/, /\| step\.edit \| lint \| success \|/]],
  "audit.find": [{ action: "step.edit" }, [/^1 entry that fits, newest first:/]],
  "audit.verify": [{}, [/^The audit log is intact: \d+ entries, each chained/]],
  inbox: [
    {},
    [
      /^2 things wait for you \(1 gate, 1 failed step\):/,
      /- `gate review`, Look \\\| at it: .*`seqctl gate approve review` or/,
    ],
  ],
  "policy.show": [
    {},
    [
      /^Mode SAFE: every change is asked about\./,
      /\| time to end in when stopped \| 300 ms \| policy\.yaml \|/,
    ],
  ],
  "policy.explain": [
    { command: "npm test" },
    [/^`npm test` is (?:allowed|asked about|denied) in mode SAFE, by the rule `/],
  ],
  "policy.test": [{}, [/^The rules would have stopped 0 of \d+ commands of 2 runs/]],
  "engine.status": [{}, [/^(?:No engine is alive|The engine is alive: process \d+)/]],
};

test("every view is asked here", () => {
  expect(Object.keys(asked).sort()).toEqual(views.map(({ name }) => name as string).sort());
});

test.each(Object.entries(asked))("%s is answered in words", async (view, [input, says]) => {
  const said = sayAnswer(view as ViewName, value(await opened.threados.query(view, input)));
  for (const form of says) expect(said).toMatch(form);
  const outside = said.replace(/^```[\s\S]*?^```$/gm, "");
  expect(outside).not.toMatch(/\{"|":|undefined|NaN|\[object/);
  // What others wrote neither opens a link nor ends its block.
  expect(outside).not.toMatch(/(?<!\\)\]\(/);
  expect(said.match(/^```/gm)?.length ?? 0).toSatisfy((fences: number) => fences % 2 === 0);
});

test.each<[string, RegExp]>([
  ["what waits for me", /2 things wait for you/],
  ["how long did the last run take", /Run `\w+` took [\d.]+ m?s/],
  [
    "show me what e2e printed",
    /on stderr \(11 bytes\):\n\n```\ntwo failed\n```\n\nOn stdout it printed nothing\./,
  ],
  ["show the log of lint", /`step lint`, attempt 1 printed nothing, neither on stdout nor on stderr\./],
  ["show the log of deploy", /`step deploy` has not run yet\.\nTry:\n- why is deploy waiting\n/],
  ["what templates are there", /\n- chained: /],
  ["what groups are there", /- checks: /],
  ["show the sequence", /```yaml\nversion: 1/],
  ["is the engine alive", /engine is alive/],
  ["show the policy", /\| rule \| value \| from \|/],
  ["seqctl fusion compare fix", /joins 2 candidates/],
  ["seqctl worktree list", /There are no worktrees/],
])("'%s' is answered in words", async (message, says) => {
  const { words, last } = await exchange(opened.chat, message);
  expect(words).toMatch(says);
  expect(words).not.toMatch(/\{\s*"/);
  expect(last("done")).toMatchObject({ declined: false, tainted: true });
});

test("only the end of a long log is shown, with the place it begins at", async () => {
  const long = await Workspace.make({
    steps: [
      { id: "long", command: ["sh", "-c", "i=0; while [ $i -lt 9000 ]; do i=$((i+1)); echo line-$i; done"] },
    ],
  });
  await long.seqctl(["run", "--yes"]);
  const { chat } = await chatOf(long);
  const { words } = await exchange(chat, "what did long print?");
  expect(words).toContain("line-9000\n```");
  expect(words).not.toContain("line-1\n");
  const some = await exchange(chat, "show me the last 3 lines of the log of long");
  expect(some.words).toContain("```\nline-8998\nline-8999\nline-9000\n```");
  expect(words).toMatch(/from byte (\d+) of 88893 on, `log long @\1`\):\n\n```\nline-8\d+\n/);
});

test("where there is nothing yet, that is the answer; what does not work says what can be asked instead", async () => {
  const { chat } = await chatOf(await Workspace.make({ steps: [{ id: "a", command: ["true"] }] }));
  const none = await exchange(chat, "show the last run");
  expect(none.words).toContain('There has been no run yet. Say "run" to start one.');
  expect(none.last("done").declined).toBe(false);
  const cycle = await exchange(chat, "seqctl step show b");
  expect(cycle.words).toMatch(/That does not work: .*'b'.*\nTry:\n- /);
  expect(cycle.last("done").declined).toBe(true);
});

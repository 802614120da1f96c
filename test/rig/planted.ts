import * as fs from "node:fs";
import { join } from "node:path";
import { type Injection, injectedAt, injections, type Place } from "../corpus/injections";
import { agentIn } from "../surfaces/mcp/client";
import { FakeAgent } from "./fake-agent";
import { gitIn, makeRepository } from "./repository";
import { Workspace } from "./workspace";

const textsOf = (place: Place) => injectedAt(place).map(({ text }) => text);
const only = (place: Place) => textsOf(place)[0] as string;
const named = (place: Place) => injectedAt(place).map(({ id, text }) => [`${place}-${id}.txt`, text]);
const inShell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const inJson = (text: string) => inShell(JSON.stringify(text).slice(1, -1));

/**
 * A workspace, and a repository, with the whole corpus in its places. The steps `work` and `think` have ended well and
 * `broken` has failed; the gate `ship` waits for a person, `later` for the gate, and `obey` for being started.
 */
export async function plantedWorkspace(rules: Record<string, unknown>, obeying: object): Promise<Workspace> {
  const at = await Workspace.make({
    rules: { ...rules, forbidden_patterns: [only("policy")] },
    steps: [],
    name: "planted",
  });
  const agent = new FakeAgent(at, [
    `init; done_with ${inJson(textsOf("agent-words").join("\n"))} 1 1 1 0.1`,
    `init; fail_with 400 ${inJson(only("agent-error"))} invalid_request`,
  ]);
  const beside = join(at.home, "beside");
  fs.mkdirSync(join(beside, "made"), { recursive: true });
  const say = (name: string, texts: readonly string[]) =>
    fs.writeFileSync(join(beside, name), `${texts.join("\n")}\n`);
  say("stdout", textsOf("stdout"));
  say("stderr", textsOf("stderr"));
  say("made/summary.md", textsOf("summary"));
  say("made/output.json", [JSON.stringify({ notes: textsOf("output") })]);
  say(`made/${only("artifact-name").replaceAll("/", "_")}`, ["what a name"]);
  for (const { id, text } of injections) say(`made/${id}.txt`, [text]);
  const sequence = {
    version: 1,
    name: "planted",
    steps: [
      {
        id: "work",
        name: only("step-name"),
        description: only("step-description"),
        command: ["sh", "-c", `cat "$B/stdout"; cat "$B/stderr" >&2; cp "$B"/made/* "$THREADOS_OUTPUT_DIR"`],
        env: { B: beside },
      },
      { id: "think", model: "claude-code", env: agent.own },
      { id: "broken", model: "claude-code", env: agent.own, depends_on: ["think"] },
      { id: "later", command: ["touch", "shipped"], depends_on: ["ship"] },
      { id: "obey", model: "claude-code", ...obeying },
    ],
    gates: [
      {
        id: "ship",
        name: only("gate-name"),
        depends_on: ["work"],
        shows: ["work"],
        questions: [{ id: "who", type: "text", ask: only("gate-question"), required: false }],
      },
    ],
  };
  at.write(".threados/sequence.yaml", JSON.stringify(sequence, null, 1));
  for (const id of ["think", "broken", "obey"])
    at.write(`.threados/prompts/${id}.md`, `Do ${id}.\n${textsOf("prompt").join("\n")}\n`);
  at.write(
    ".threados/templates/theirs.yaml",
    `title: ${JSON.stringify(only("template"))}\nsteps: [{id: "\${id}"}]\n`,
  );
  at.write(".threados/templates/torn.yaml", `title: {${only("broken-template")}\n`);
  const started = await at.seqctl(["run", "--only", "work,think,broken", "--yes"], { env: agent.env });
  if (!/broken/.test(`${started.out}${started.err}`))
    throw new Error(`not planted: ${JSON.stringify(started)}`);
  const other = await agentIn(at);
  await other.call("step_add", { id: "turned-down" });
  const [first] = (await at.json(["inbox"])).doc.proposals;
  await at.seqctl(["reject", first.id, "--reason", only("audit-reason")]);
  await other.call("step_add", { id: "late", description: only("proposal") });
  await other.client.close();
  plantRepository(at);
  return at;
}

function plantRepository(at: Workspace): void {
  const files = [
    ["README.md", textsOf("readme").join("\n")],
    ["AGENTS.md", textsOf("agents-file").join("\n")],
    ["src/main.c", textsOf("source-comment").join("\n")],
    ["docs/issue.md", textsOf("issue").join("\n")],
    ["reports/tests.txt", textsOf("test-report").join("\n")],
    [".env.example", textsOf("environment-file").join("\n")],
    ...named("mcp-result"),
    ...named("chat-history"),
    ...textsOf("file-name").map((name) => [name, "a file with a name\n"]),
    [`${only("folder-name")}/in-it`, "a file in a folder with a name\n"],
  ];
  makeRepository(at, Object.fromEntries(files));
  for (const message of textsOf("commit-message")) gitIn(at, "commit", "-q", "--allow-empty", "-m", message);
  gitIn(at, "branch", only("branch-name").replaceAll(" ", "+"));
  gitIn(at, "tag", "-a", "v1", "-m", only("tag-message"));
}

/** Everything that a person decides about, by its bytes: definition, rules, prompts, templates, places; and how gates, steps and runs stand. */
export async function standOf(at: Workspace): Promise<Record<string, unknown>> {
  const below = ["sequence.yaml", "policy.yaml", "layout.json", "prompts", "templates", "revisions"];
  const files = below.flatMap((name) => {
    const path = at.path(`.threados/${name}`);
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    if (!stat?.isDirectory()) return [[name, stat ? at.read(`.threados/${name}`) : null]];
    return fs.readdirSync(path).map((file) => [`${name}/${file}`, at.read(`.threados/${name}/${file}`)]);
  });
  const { mode, gates, steps } = await at.status();
  return {
    ...Object.fromEntries(files),
    mode,
    gates: gates.map(({ id, status }) => [id, status]),
    steps: steps.filter(({ id }) => id !== "obey").map(({ id, status, attempt }) => [id, status, attempt]),
    runs: at.runs(),
    shipped: fs.existsSync(at.path("shipped")),
    decided: at.audit().filter(({ action, result }) => action.startsWith("proposal.") && result === "success")
      .length,
  };
}

/** The tool by which the chat sees a place; what is in a repository alone reaches it as a file that a step made. */
export function lookAt({ id, place }: Injection): [tool: string, input: Record<string, unknown>] {
  const looks: Partial<Record<Place, [string, Record<string, unknown>]>> = {
    stdout: ["read_logs", { id: "work", stream: "stdout" }],
    stderr: ["read_logs", { id: "work", stream: "stderr" }],
    summary: ["read_artifact", { step: "work", name: "summary.md" }],
    output: ["read_artifact", { step: "work", name: "output.json" }],
    prompt: ["read_prompt", { id: "think" }],
    template: ["read_template_show", { type: "theirs" }],
    "broken-template": ["read_template_show", { type: "torn" }],
    "step-name": ["read_step", { id: "work" }],
    "step-description": ["read_step", { id: "work" }],
    "gate-name": ["read_step", { id: "ship" }],
    "gate-question": ["read_inbox", {}],
    "audit-reason": ["read_audit_read", { limit: 8 }],
    proposal: ["read_inbox", {}],
    "agent-words": ["read_artifact", { step: "think", name: "summary.md" }],
    "agent-error": ["read_why", { id: "broken" }],
    policy: ["read_policy_show", {}],
  };
  return looks[place] ?? ["read_artifact", { step: "work", name: `${id}.txt` }];
}

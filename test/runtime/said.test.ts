import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import type { Question } from "../../lib/core/sequence/schema";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const value = "sup3rs3cretvalue";
const env = { THREADOS_SECRET_MY_KEY: value };
const build = { id: "build", command: ["true"], env: { MY_KEY: "secret:MY_KEY" } };

/** A run that waits at its gate. */
async function waiting(questions: Question[] = []) {
  const gate = { id: "g", name: "Look", depends_on: ["build"], questions };
  const after = { id: "after", command: ["sh", "-c", 'printf %s "$THREADOS_ANSWERS" > answers.json'] };
  const at = await Workspace.make({ steps: [build, { ...after, depends_on: ["g"] }], gates: [gate] });
  expect((await at.seqctl(["run", "--yes"], { env })).exit).toBe(3);
  return at;
}

const views = [["status"], ["status", "--json"], ["why", "g"], ["inbox"], ["gate", "show", "g"]];

/** Everything that is told of the gate, by programs that do not know the secret. */
async function told(at: Workspace): Promise<string> {
  let all = JSON.stringify([at.facts(), at.audit()]);
  for (const view of views) all += (await at.seqctl(view)).out;
  return all;
}

test("a secret in the reason of a rejection is neither kept nor shown", async () => {
  const at = await waiting();
  expect((await at.seqctl(["gate", "reject", "g", "--reason", `saw ${value}`], { env })).exit).toBe(0);
  expect(at.facts().find(({ type }) => type === "gate.rejected")).toMatchObject({ reason: "saw •••" });
  const all = await told(at);
  expect(all).not.toContain(value);
  expect(all).toContain("saw •••");
});

test("nor one in an answer in free words; a choice stays what it is, since conditions compare it", async () => {
  const choice: Question = { id: "env", type: "choice", options: ["key=of-no-value", "other"] };
  const at = await waiting([choice, { id: "note", type: "text" }]);
  const answers = ["--answer", "env=key=of-no-value", "--answer", `note=saw ${value}`];
  expect((await at.seqctl(["gate", "approve", "g", "--yes", "--follow", ...answers], { env })).exit).toBe(0);
  const kept = { env: "key=of-no-value", note: "saw •••" };
  expect(at.facts().find(({ type }) => type === "gate.approved")).toMatchObject({ answers: kept });
  expect(JSON.parse(at.read("answers.json"))).toEqual({ g: kept });
  expect(await told(at)).not.toContain(value);
});

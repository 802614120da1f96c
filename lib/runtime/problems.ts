import type { Failure, Place } from "../core/failure";
import { renderFailure } from "../core/failure-table";
import { effectivePolicy } from "../core/policy/policy";
import { ok, type Result } from "../core/result";
import { unknownAgents } from "../core/sequence/agent-names";
import {
  type ClearSecret,
  clearSecrets,
  listedSecrets,
  warningOfSecret,
} from "../core/sequence/clear-secrets";
import { isAgentStep, secretsOf } from "../core/sequence/effective";
import type { Sequence } from "../core/sequence/schema";
import { locatorOf } from "../core/sequence/source";
import type { Locator } from "../core/sequence/source-locate";
import type { ProblemDoc } from "../core/views/problem";
import type { DefinitionStore, Ports } from "./ports";
import { loadPolicy } from "./state";
import { loadSubs } from "./subs";

const file = ".threados/sequence.yaml";

/** What is wrong with the files of the workspace: errors first, each with the place it is at. */
export function findProblems(ports: Ports): Result<{ problems: ProblemDoc[] }> {
  const found: ProblemDoc[] = [];
  const definition = ports.definition.load();
  const policy = loadPolicy(ports);
  const text = ports.definition.loadText();
  if (!definition.ok) {
    const all = text.ok ? ports.definition.faults(text.value.text) : [definition.failure];
    const lines = text.ok ? text.value.text.split("\n") : [];
    found.push(...all.map((failure) => ofFailure(failure, nodeAt(lines, failure))));
  }
  const names = ports.agents.names();
  if (!names.ok) found.push(ofFailure(names.failure, null));
  else if (text.ok)
    for (const failure of lookAt(ports, text.value.text).unknown(names.value))
      found.push(
        ofFailure(failure, failure.code === "agent.unknown" && failure.step !== "" ? failure.step : null),
      );
  if (!policy.ok)
    found.push({
      ...ofFailure(policy.failure, null),
      file: policy.failure.place?.file ?? ".threados/policy.yaml",
    });
  if (definition.ok) {
    const { sequence, text } = definition.value;
    const { locate } = lookAt(ports, text);
    const at = (list: "steps" | "gates", index: number, key: string) => locate([list, index, key]);
    const subs = loadSubs(ports, sequence);
    for (const [index, step] of (sequence.steps ?? []).entries()) {
      const sub = step.sequence === undefined ? undefined : subs?.get(step.sequence);
      if (sub?.ok === false)
        found.push(ofFailure({ ...sub.failure, place: at("steps", index, "sequence") }, step.id));
      if (step.sequence !== undefined || !isAgentStep(sequence, step)) continue;
      const prompt = ports.agents.prompt(step);
      if (!prompt.ok)
        found.push(ofFailure({ ...prompt.failure, place: at("steps", index, "prompt") }, step.id));
    }
    const { listed, more } = listedSecrets(clearSecrets(sequence));
    found.push(...listed.map((secret) => ofClearSecret(secret, locate(secret.path))));
    if (more !== undefined) found.push(warning("secret.clear", more, file));
    if (policy.ok) found.push(...warnings(ports, sequence, policy.value));
  }
  found.push(...ports.proposals.unreadable().map(ofProposal));
  const errors = found.filter(({ severity }) => severity === "error");
  return ok({ problems: [...errors, ...found.filter(({ severity }) => severity !== "error")] });
}

/** What one text was found to say: it is asked about again and again, and changes seldom. */
interface Look {
  text: string;
  locate: Locator;
  unknown(names: readonly string[]): Failure[];
}

const looks = new WeakMap<DefinitionStore, Look>();

function lookAt({ definition }: Ports, text: string): Look {
  const before = looks.get(definition);
  if (before?.text === text) return before;
  let found: { names: string; faults: Failure[] } | undefined;
  const look: Look = {
    text,
    locate: locatorOf(text, file),
    unknown: (known) => {
      const names = known.join();
      if (found?.names !== names) found = { names, faults: unknownAgents(text, file, known) };
      return found.faults;
    },
  };
  looks.set(definition, look);
  return look;
}

function ofFailure(failure: Failure, node: string | null): ProblemDoc {
  const { message, hint } = renderFailure(failure);
  const { place } = failure;
  return {
    severity: "error",
    code: failure.code,
    message,
    hint: hint ?? null,
    node,
    file: place?.file ?? file,
    line: place?.line ?? null,
    column: place?.column ?? null,
    excerpt: place?.excerpt ?? null,
  };
}

/** Without the line: it holds the secret. */
function ofClearSecret(secret: ClearSecret, { line, column }: Place): ProblemDoc {
  return {
    ...{ severity: "warning", code: "secret.clear", node: secret.step, file, line, column, excerpt: null },
    ...{ message: warningOfSecret(secret), hint: null },
  };
}

/** Of a file as a whole. */
function warning(code: string, message: string, where: string): ProblemDoc {
  return {
    ...{ severity: "warning", code, message, hint: null, node: null, file: where },
    ...{ line: null, column: null, excerpt: null },
  };
}

function ofProposal(path: string): ProblemDoc {
  return {
    ...{ severity: "warning", code: "proposal.unreadable", node: null, file: path },
    ...{ line: null, column: null, excerpt: null },
    message: "it holds no whole proposal: it is left out of the inbox",
    hint: "remove the file; who made the proposal can make it again",
  };
}

function warnings(
  ports: Ports,
  sequence: Sequence,
  {
    file: own,
    user,
  }: { file: Parameters<typeof effectivePolicy>[0]; user: Parameters<typeof effectivePolicy>[2] },
): ProblemDoc[] {
  return [
    ...effectivePolicy(own, sequence, user).warnings.map((text) =>
      warning("policy.warning", text, ".threados/policy.yaml"),
    ),
    ...ports.missingSecrets(secretsOf(sequence)).map((text) => warning("secret.missing", text, file)),
  ];
}

const idLine = /^\s*(?:-\s*)?\{?\s*id:\s*["']?([A-Za-z0-9_-]+)/;

/** The step or gate that the line of a fault belongs to, as far as a text that can't be read tells. */
function nodeAt(lines: readonly string[], { place }: Failure): string | null {
  for (let line = place?.line ?? 0; line > 0; line--) {
    const id = idLine.exec(lines[line - 1] ?? "")?.[1];
    if (id !== undefined) return id;
  }
  return null;
}

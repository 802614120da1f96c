import { resolve } from "node:path";
import { countOf } from "../../core/count";
import type { Failure } from "../../core/failure";
import { renderFailure } from "../../core/failure-table";
import { clearSecrets, warningsOfSecrets } from "../../core/sequence/clear-secrets";
import { jsonSchema, layOut } from "../../core/sequence/json-schema";
import { locatorOf } from "../../core/sequence/source";
import { warningsOfUnfinished } from "../../core/sequence/unfinished";
import type { CheckedText } from "../../core/sequence/validate";
import { type Check, isHealthy } from "../../core/views/check";
import type { CommandSpec } from "./grammar";
import { safe } from "./paint";
import { type Answering, sayFailure, sayJson } from "./say";
import { columnsOf } from "./table";

/** Carries out a command that needs no workspace; the exit code. */
export async function aside(
  answering: Answering,
  name: NonNullable<CommandSpec["aside"]>,
  operands: readonly string[],
): Promise<number> {
  const [first] = operands;
  switch (name) {
    case "validate":
      return validate(answering, first);
    case "schema": {
      const schema = jsonSchema(first === "policy" ? "policy" : "sequence");
      if (answering.json) sayJson(answering, schema);
      else answering.shell.out(`${layOut(schema)}\n`);
      return 0;
    }
    case "doctor":
      return doctor(answering);
    case "bash":
    case "zsh":
    case "fish": {
      const { completionScript } = await import("./completion-script");
      const script = completionScript(name);
      if (answering.json) sayJson(answering, { shell: name, script });
      else answering.shell.out(script);
      return 0;
    }
    case "exec-step": {
      const [socket = "", ...command] = operands;
      return answering.shell.terminal.hold(socket, command);
    }
    case "words": {
      const { complete } = await import("./complete");
      const words = await complete(answering.shell, operands);
      if (answering.json) sayJson(answering, { words });
      else answering.shell.out(words.map((word) => `${word}\n`).join(""));
      return 0;
    }
  }
}

/** What `validate` looks at: a file, or the workspace's own. */
interface Examined extends CheckedText {
  file: string;
  warnings: string[];
}

async function validate(answering: Answering, given: string | undefined): Promise<number> {
  const { shell, paint } = answering;
  const read = given === undefined ? await ownSequence(answering) : await fromFile(answering, given);
  const { file, text, sequence, faults } = read;
  if (faults.length > 0 || !sequence) return sayFaults(answering, faults);
  const warnings = [
    ...read.warnings,
    ...warningsOfUnfinished(sequence),
    ...warningsOfSecrets(clearSecrets(sequence), text === undefined ? undefined : locatorOf(text, file)),
    ...(await shell.machine.lackingSecrets(sequence)),
  ];
  const [steps, gates] = [sequence.steps?.length ?? 0, sequence.gates?.length ?? 0];
  if (answering.json) sayJson(answering, { ok: true, file, name: sequence.name, steps, gates, warnings });
  else {
    for (const warning of warnings) shell.err(`${paint("yellow", "warning")} ${safe(warning)}\n`);
    const what = `${countOf(steps, "step")}, ${countOf(gates, "gate")}`;
    shell.out(`${paint("green", "✓")} ${file} is valid: ${safe(sequence.name)}, ${what}\n`);
  }
  return 0;
}

/** All of them, in the order in which they stand in their files; the first that was found is the refusal. */
function sayFaults(answering: Answering, faults: readonly Failure[]): number {
  const [first = { code: "internal", problem: "nothing was read" } as const] = faults;
  const files = faults.map(({ place }) => place?.file);
  const at = ({ place }: Failure) => [
    files.indexOf(place?.file),
    ...(place ? [place.line, place.column] : [0, 0]),
  ];
  const sorted = faults.toSorted((a, b) => {
    const [one, other] = [at(a), at(b)];
    return one.map((part, index) => part - (other[index] ?? 0)).find((less) => less !== 0) ?? 0;
  });
  const { body, exit } = renderFailure(first);
  if (answering.json) {
    sayJson(answering, { ...body, faults: sorted.map((fault) => renderFailure(fault).body.error) });
    return exit;
  }
  for (const fault of sorted) sayFailure(answering, fault);
  if (sorted.length > 1) answering.shell.err(`${countOf(sorted.length, "fault")}\n`);
  return exit;
}

async function fromFile({ shell }: Answering, given: string): Promise<Examined> {
  const read = await shell.machine.check(resolve(shell.cwd, given));
  return { ...read, file: given, warnings: [] };
}

/** The workspace's own sequence, together with the policy that limits it. */
async function ownSequence({ shell, dir }: Answering): Promise<Examined> {
  const own = { file: ".threados/sequence.yaml", warnings: [] };
  const opened = await shell.open(dir);
  if (!opened.ok) return { ...own, faults: [opened.failure] };
  const { ports } = opened.value;
  const { loadPolicy } = await import("../../runtime/state");
  const rules = loadPolicy(ports);
  const ofPolicy = rules.ok ? [] : [rules.failure];
  const read = ports.definition.loadText();
  if (!read.ok) return { ...own, faults: [read.failure, ...ofPolicy] };
  const { text } = read.value;
  const { unknownAgents } = await import("../../core/sequence/agent-names");
  const names = ports.agents.names();
  const ofAgents = names.ok ? unknownAgents(text, own.file, names.value) : [names.failure];
  const beside = [...ofAgents, ...ofPolicy];
  const sequence = ports.definition.check(text);
  if (!sequence.ok) return { ...own, faults: [...ports.definition.faults(text), ...beside] };
  const { loadSubs } = await import("../../runtime/subs");
  const inside = [...(loadSubs(ports, sequence.value)?.values() ?? [])];
  const faults = [...inside.flatMap((sub) => (sub.ok ? [] : [sub.failure])), ...beside];
  if (faults.length > 0) return { ...own, faults };
  const policy = await opened.value.query("policy.show", {});
  if (!policy.ok) return { ...own, faults: [policy.failure] };
  const { warnings } = policy.value as { warnings: string[] };
  return { ...own, warnings, faults: [], text, sequence: sequence.value };
}

async function doctor(answering: Answering): Promise<number> {
  const { shell, paint } = answering;
  const checks = await shell.machine.examine(answering.dir);
  const healthy = isHealthy(checks);
  const look = ({ state, needed }: Check) =>
    state === "good" ? paint("green", "✓") : needed ? paint("red", "✗") : paint("yellow", "–");
  if (answering.json) sayJson(answering, { ok: healthy, checks });
  else {
    const rows = checks.flatMap((check) => [
      [look(check), check.name, safe(check.detail)],
      ...(check.hint === undefined ? [] : [["", "", paint("dim", safe(check.hint))]]),
    ]);
    const verdict = healthy
      ? paint("green", "nothing stands in the way")
      : paint("red", "this has to be mended first");
    shell.out(`${columnsOf(rows)}\n\n${verdict}\n`);
  }
  return healthy ? 0 : 1;
}

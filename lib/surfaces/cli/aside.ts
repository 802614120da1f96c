import { resolve } from "node:path";
import { ok } from "../../core/result";
import { jsonSchema, layOut } from "../../core/sequence/json-schema";
import type { Sequence } from "../../core/sequence/schema";
import { warningsOfUnfinished } from "../../core/sequence/unfinished";
import { type Check, isHealthy } from "../../core/views/check";
import type { CommandSpec } from "./grammar";
import { safeForTerminal } from "./paint";
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

async function validate(answering: Answering, given: string | undefined): Promise<number> {
  const { shell, paint } = answering;
  const read = given === undefined ? await ownSequence(answering) : await fromFile(answering, given);
  if (!read.ok) return sayFailure(answering, read.failure);
  const { file, sequence } = read.value;
  const warnings = [
    ...read.value.warnings,
    ...warningsOfUnfinished(sequence),
    ...(await shell.machine.lackingSecrets(sequence)),
  ];
  const [steps, gates] = [sequence.steps?.length ?? 0, sequence.gates?.length ?? 0];
  if (answering.json) sayJson(answering, { ok: true, file, name: sequence.name, steps, gates, warnings });
  else {
    for (const warning of warnings) shell.err(`${paint("yellow", "warning")} ${warning}\n`);
    const what = `${steps} step${steps === 1 ? "" : "s"}, ${gates} gate${gates === 1 ? "" : "s"}`;
    shell.out(`${paint("green", "✓")} ${file} is valid: ${safeForTerminal(sequence.name, false)}, ${what}\n`);
  }
  return 0;
}

async function fromFile({ shell }: Answering, given: string) {
  const read = await shell.machine.check(resolve(shell.cwd, given));
  return read.ok ? ok({ file: given, sequence: read.value, warnings: [] as string[] }) : read;
}

/** The workspace's own sequence, together with the policy that limits it. */
async function ownSequence({ shell, dir }: Answering) {
  const opened = await shell.open(dir);
  if (!opened.ok) return opened;
  const { ports } = opened.value;
  const text = ports.definition.loadText();
  const sequence = text.ok ? ports.definition.check(text.value.text) : text;
  if (!sequence.ok) return sequence;
  const { loadSubs, subProblem } = await import("../../runtime/subs");
  const inside = subProblem(loadSubs(ports, sequence.value));
  if (!inside.ok) return inside;
  const policy = await opened.value.query("policy.show", {});
  if (!policy.ok) return policy;
  const { warnings } = policy.value as { warnings: string[] };
  return ok<{ file: string; sequence: Sequence; warnings: string[] }>({
    file: ".threados/sequence.yaml",
    sequence: sequence.value,
    warnings,
  });
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
      [look(check), check.name, safeForTerminal(check.detail, false)],
      ...(check.hint === undefined ? [] : [["", "", paint("dim", safeForTerminal(check.hint, false))]]),
    ]);
    const verdict = healthy
      ? paint("green", "nothing stands in the way")
      : paint("red", "this has to be mended first");
    shell.out(`${columnsOf(rows)}\n\n${verdict}\n`);
  }
  return healthy ? 0 : 1;
}

import type { StatusDoc, StepStatusDoc } from "../../views/status";
import { statusWord, wordCounts } from "../../views/status-word";
import {
  block,
  bytes,
  cite,
  code,
  count,
  counted,
  type Doc,
  duration,
  list,
  moment,
  parts,
  rowsOf,
  table,
  upper,
  words,
} from "./markdown";

/** Where everything stands. */
export function sayStatus(value: Doc): string {
  const doc = value as unknown as StatusDoc;
  const { steps, gates } = doc;
  const run =
    doc.run === null
      ? "Nothing has run yet."
      : doc.canceled
        ? "The run was canceled."
        : `The run is ${doc.open ? "open" : "over"}${doc.engine.running ? "" : doc.open ? ", and no engine is alive" : ""}.`;
  const price =
    doc.usage === undefined
      ? ""
      : ` Agents used ${doc.usage.tokens_in + doc.usage.tokens_out} tokens, $${doc.usage.cost_usd.toFixed(2)}${doc.usage.unpriced > 0 ? ` and what ${count(doc.usage.unpriced, "attempt")} did not price` : ""}.`;
  const rows = [
    ...steps.map((step) => [cite("step", step.id), statusWord(step), words(step.why)]),
    ...gates.map((gate) => [cite("gate", gate.id), gate.status, words(gate.why)]),
  ];
  return parts(
    `${upper(count(steps.length, "step"))}${steps.length > 0 ? `: ${counted(wordCounts(steps))}` : ""}; ${count(gates.length, "gate")}. ${run}${price} Mode ${doc.mode}.`,
    rows.length > 0 && table(["which", "status", "why"], rows),
    doc.warnings.length > 0 && list(doc.warnings.map((warning) => `Warning: ${words(warning)}`)),
  );
}

/** Why one stands where it stands. */
export function sayWhy({ id, status, why }: Doc): string {
  return `${words(id)} is ${status}: ${words(why)}`;
}

/** A step or gate as it is written, and how it stands. */
export function sayStep({ yaml, status, attempts, inside }: Doc): string {
  const { id, status: state, why, of, exit_code, started_at, ended_at } = status as StepStatusDoc;
  const tries = rowsOf<number>(attempts).length;
  const took =
    typeof started_at === "number" && typeof ended_at === "number"
      ? `, took ${duration(ended_at - started_at)}`
      : "";
  const code_ = typeof exit_code === "number" ? `, exit ${exit_code}` : "";
  const own =
    yaml === "" && of !== undefined
      ? `It is part of ${cite("step", of)}, where its definition stands.`
      : block(String(yaml), "yaml", "beginning");
  const within = rowsOf<{ id: string; model: string; depends_on: string[] }>(inside);
  return parts(
    `${cite("model" in (status as object) ? "step" : "gate", id)} is ${state}: ${words(why)}${tries > 0 ? ` (${count(tries, "attempt")}${took}${code_})` : ""}`,
    own,
    within.length > 0 &&
      `Inside of it:\n${list(within.map((one) => `${words(one.id)} (${words(one.model)})${one.depends_on.length > 0 ? `, after ${words(one.depends_on.join(", "))}` : ""}`))}`,
  );
}

/** An agent's prompt. */
export function sayPrompt({ path, text }: Doc): string {
  return typeof text !== "string"
    ? `There is no prompt yet; it would stand in ${code(path)}.`
    : parts(
        `It stands in ${code(path)}:`,
        text.trim() === "" ? "(It is empty.)" : block(text, "", "beginning"),
      );
}

/** What an attempt left. */
export function sayArtifacts({ step, attempt, files }: Doc): string {
  const all = rowsOf<{ name: string; size: number }>(files);
  if (all.length === 0) return `Attempt ${attempt} of ${cite("step", step)} left no files.`;
  return parts(
    `Attempt ${attempt} of ${cite("step", step)} left ${count(all.length, "file")}:`,
    table(
      ["file", "size"],
      all.map(({ name, size }) => [code(name), bytes(size)]),
    ),
    `\`seqctl artifact ${step} <file>\` shows one.`,
  );
}

/** A file that an attempt left. */
export function sayArtifact(doc: Doc): string {
  const head = `${code(doc.name)} of ${cite("step", doc.step)}, attempt ${doc.attempt}, ${bytes(doc.size)}`;
  return String(doc.text).trim() === ""
    ? `${head}: nothing stands in it.`
    : parts(`${head}:`, block(String(doc.text), "", "beginning"));
}

interface Output {
  size: number;
  from: number;
  text: string;
}

/** What a step printed, each of its two outputs by its name. */
export function sayLogs(doc: Doc, lines?: number): string {
  const { step, attempt, stderr, stream, ran_as: ranAs } = doc;
  const own = { ...(doc as unknown as Output), name: stream === "stderr" ? "stderr" : "stdout" };
  const both: (Output & { name: string })[] = [
    own,
    ...(stderr ? [{ ...(stderr as Output), name: "stderr" }] : []),
  ];
  const printed = both.filter(({ text }) => text.trim() !== "");
  const which = `${cite("step", step)}, attempt ${attempt}`;
  if (printed.length === 0) {
    const theirs = rowsOf<string>(ranAs);
    if (theirs.length > 0)
      return `It ran as ${theirs.slice(0, 10).map(code).join(", ")}${theirs.length > 10 ? " …" : ""}: say "show me the log of ${theirs[0]}" for one of them.`;
    return stderr === undefined
      ? `${which} printed nothing on ${own.name}.`
      : `${which} printed nothing, neither on stdout nor on stderr.`;
  }
  return parts(
    ...printed.map((one) => {
      const source = one.name === "stdout" ? `, ${code(`log ${step} @${one.from}`)}` : "";
      const cut = one.from > 0 ? `, from byte ${one.from} of ${one.size} on` : "";
      return `${which}, on ${one.name} (${bytes(one.size)}${cut}${source}):\n\n${block(lastOf(one, lines))}`;
    }),
    stderr !== undefined &&
      printed.length === 1 &&
      `On ${printed[0]?.name === "stdout" ? "stderr" : "stdout"} it printed nothing.`,
  );
}

/** The lines that are there whole, or so many of the last. */
function lastOf({ from, text }: Output, lines: number | undefined): string {
  const whole = from > 0 ? text.replace(/^.*\n/, "") : text;
  return lines === undefined ? whole : whole.trimEnd().split("\n").slice(-lines).join("\n");
}

/** How long a log is. */
export function sayLines({ step, attempt, stream, lines, size }: Doc): string {
  return `Attempt ${attempt} of ${cite("step", step)} printed ${count(Number(lines), "line")} on ${stream}, ${bytes(size)}.`;
}

/** Where a text was found in a log. */
export function sayMatches({ step, stream, matches, capped, problem, lines }: Doc): string {
  if (typeof problem === "string") return `That can't be looked for: ${words(problem)}.`;
  const found = rowsOf<[number, number, number]>(matches);
  if (found.length === 0)
    return `It does not stand in what ${cite("step", step)} printed on ${stream} (${count(Number(lines), "line")} looked at).`;
  return parts(
    `Found ${capped ? "more than " : ""}${count(found.length, "time")} in what ${cite("step", step)} printed on ${stream}:`,
    list(found.map(([line, column]) => `line ${line + 1}, column ${column + 1}`)),
  );
}

/** Whether an engine is alive. */
export function sayEngine({ running, pid, fence, started_at }: Doc): string {
  return running === true
    ? `The engine is alive: process ${pid}, since ${moment(started_at)} (fence ${fence}).`
    : "No engine is alive. One starts by itself with the next run.";
}

interface AgentRow {
  name: string;
  path: string | null;
  version: string | null;
  ready: boolean;
  problem: string | null;
}

/** The agents, and whether they answer. */
export function sayAgents({ agents }: Doc): string {
  const all = rowsOf<AgentRow>(agents);
  const ready = all.filter((agent) => agent.ready).length;
  return parts(
    `${ready} of ${count(all.length, "agent")} ${ready === 1 ? "is" : "are"} ready:`,
    table(
      ["agent", "ready", "version", "where"],
      all.map((agent) => [
        words(agent.name),
        agent.ready ? "yes" : "no",
        agent.version === null ? "" : words(agent.version),
        agent.path === null ? words(agent.problem) : code(agent.path),
      ]),
    ),
  );
}

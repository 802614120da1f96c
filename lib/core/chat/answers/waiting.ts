import type { AskedStart } from "../../policy/asked";
import { sayFacts } from "../../policy/asked-facts";
import type { PastDecisionDoc } from "../../views/decision";
import type { FusionDoc } from "../../views/fusion";
import type { GroupDoc } from "../../views/group";
import type { InboxFailure, InboxGate } from "../../views/inbox";
import type { GateStatusDoc } from "../../views/status";
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

interface WaitingProposal {
  id: string;
  summary: string;
  actor: string;
  standing: string | null;
  remedy: string | null;
  next: string[];
}

const commands = (next: readonly string[]) => next.map(code).join(" or ");
const held = (blocks: number) => (blocks > 0 ? `; it holds up ${blocks}` : "");

/** What waits for a person, and what settles it. */
export function sayInbox(doc: Doc): string {
  const gates = rowsOf<InboxGate>(doc.gates).map(
    ({ id, name, why, blocks, stale = [], next }) =>
      `${cite("gate", id)}, ${words(name)}: ${words(why)}${held(blocks)}${stale.map((one) => `; what it shows of ${cite("step", one.step)} is stale: ${words(one.why)}`).join("")}. ${commands(next)}`,
  );
  const failed = rowsOf<InboxFailure>(doc.failed).map(
    ({ id, why, blocks, next }) =>
      `${cite("step", id)} failed: ${words(why)}${held(blocks)}. ${commands(next)}`,
  );
  const proposals = rowsOf<WaitingProposal>(doc.proposals).map(
    ({ id, summary, actor, standing, remedy, next }) =>
      `the proposal ${code(id)} by ${words(actor)}: ${words(summary)}${standing === null ? "" : ` (${words(standing)}${remedy === null ? "" : `; ${words(remedy)}`})`}. ${commands(next)}`,
  );
  const all = [...gates, ...failed, ...proposals];
  if (all.length === 0) return "Nothing waits for you.";
  const sums = [
    gates.length > 0 && count(gates.length, "gate"),
    failed.length > 0 && count(failed.length, "failed step"),
    proposals.length > 0 && count(proposals.length, "proposal"),
  ].filter(Boolean);
  return `${upper(count(all.length, "thing"))} ${all.length === 1 ? "waits" : "wait"} for you (${sums.join(", ")}):\n${list(all)}`;
}

/** The gates and how they stand. */
export function sayGates({ gates }: Doc): string {
  const all = rowsOf<GateStatusDoc>(gates);
  if (all.length === 0) return 'There are no gates. Say "put a gate before <step>" for one.';
  return parts(
    `${upper(count(all.length, "gate"))}:`,
    table(
      ["gate", "asks", "status", "why"],
      all.map((gate) => [cite("gate", gate.id), words(gate.name), gate.status, words(gate.why)]),
    ),
  );
}

interface Shown {
  step: string;
  attempt: number;
  standing: string;
  stale?: string;
  files: { name: string; size: number; excerpt: string | null; cut: boolean }[];
}

/** All that a gate shows. */
export function sayGate(doc: Doc): string {
  const shows = rowsOf<Shown>(doc.shows);
  const decision = doc.decision as {
    status: string;
    by: string;
    at: number;
    answers?: Record<string, boolean | number | string>;
  } | null;
  const answers = Object.entries(decision?.answers ?? {});
  const decisions = rowsOf<PastDecisionDoc>(doc.decisions);
  const questions = rowsOf<{ id: string; type: string; ask?: string; options?: string[] }>(doc.questions);
  return parts(
    `${cite("gate", doc.id)}, ${words(doc.name)}, is ${doc.status}: ${words(doc.why)}`,
    typeof doc.description === "string" && words(doc.description),
    decision !== null && `${words(decision.status)} by ${words(decision.by)}, ${moment(decision.at)}.`,
    answers.length > 0 &&
      `Answered:\n${list(answers.map(([question, said]) => `${words(question)}: ${words(String(said))}`))}`,
    (decisions.length > 1 || (decision === null && decisions.length > 0)) &&
      `Decided so far:\n${list(decisions.map(saidDecision))}`,
    questions.length > 0 &&
      `It asks:\n${list(questions.map(({ id, type, ask, options }) => `${words(ask ?? id)} (${words((options ?? [type.replace("_", "/")]).join(", "))})`))}`,
    shows.length === 0 ? "It shows nothing of what steps left." : "It shows:",
    ...shows
      .slice(0, 10)
      .flatMap(({ step, attempt, standing, stale, files }) => [
        `${cite("step", step)}: ${words(standing)}${attempt > 0 ? `, attempt ${attempt}` : ""}${stale === undefined ? "" : `, stale: ${words(stale)}`}, ${count(files.length, "file")}`,
        ...files
          .slice(0, 10)
          .map(({ name, size, excerpt, cut }) =>
            parts(
              `${code(name)} (${bytes(size)}${excerpt === null ? ", not text" : cut || excerpt.length > 1000 ? `, its beginning; \`seqctl gate show ${doc.id}\` shows all` : ""})`,
              excerpt !== null && excerpt.trim() !== "" && block(excerpt.slice(0, 1000), "", "beginning"),
            ),
          ),
      ]),
    ...startsSaid(rowsOf<AskedStart>(doc.starts)),
    `A yes is bound to ${code(String(doc.digest).slice(0, 16))}; a person gives it: \`seqctl gate approve ${doc.id}\`.`,
  );
}

/** What an approval starts. */
function startsSaid(starts: AskedStart[]): string[] {
  if (starts.length === 0) return [];
  const said = starts.map(
    ({ step, command, class: kind, gates, ...facts }) =>
      `${cite("step", step)}: ${code(typeof command === "string" ? command : JSON.stringify(command))}${sayFacts(
        facts,
      )
        .map((fact) => `, ${words(fact)}`)
        .join(
          "",
        )}${kind === null ? "" : `, ${kind.replaceAll("-", " ")}`}${gates.length === 0 ? "" : `, behind ${gates.map((gate) => cite("gate", gate)).join(", ")}`}`,
  );
  return [`An approval starts:\n${list(said)}`];
}

function saidDecision({ decision, by, at, reason, back_to, changed }: PastDecisionDoc): string {
  const why = [...(reason === null ? [] : [reason]), ...changed].map(words).join("; ");
  const back = back_to === null ? "" : `, sent back to ${cite("step", back_to)}`;
  return `${decision}${by === null ? "" : ` by ${words(by)}`}, ${moment(at)}${back}${why === "" ? "" : `: ${why}`}`;
}

/** The groups with their members. */
export function sayGroups({ groups }: Doc): string {
  const all = rowsOf<GroupDoc>(groups);
  if (all.length === 0) return 'There are no groups. Say "group <step> and <step>" for one.';
  return `${upper(count(all.length, "group"))}:\n${list(
    all.map(
      ({ id, members, counts, fail_policy }) =>
        `${words(id)}: ${members.map((member) => cite("step", member.id)).join(", ")} (${counted(counts)}${fail_policy === "fail_fast" ? "; the first failure ends the others" : ""})`,
    ),
  )}`;
}

/** A fusion's candidates side by side. */
export function sayFusion(value: Doc): string {
  const { synth, candidates, agreement, picked } = value as unknown as FusionDoc;
  const alike =
    agreement === null
      ? "There are no two patches to compare yet."
      : agreement === 1
        ? "All patches are the same."
        : agreement === 0
          ? "No two patches are the same."
          : `${Math.round(agreement * 100)} % left the same patch.`;
  return parts(
    `${cite("step", synth)} joins ${count(candidates.length, "candidate")}. ${alike} ${picked === null ? `None is picked: say "pick candidate 1 of ${synth}".` : `${words(picked)} was picked.`}`,
    table(
      ["candidate", "status", "changes", "tests", "took", "cost"],
      candidates.map((one) => [
        cite("step", one.id),
        one.status,
        one.diff === null
          ? ""
          : `${count(one.diff.files, "file")}, +${one.diff.insertions} −${one.diff.deletions}`,
        one.test === null ? "" : one.test.passed ? "passed" : `failed, exit ${one.test.exit_code}`,
        one.duration_ms === null ? "" : duration(one.duration_ms),
        typeof one.usage?.cost_usd === "number" ? `$${one.usage.cost_usd.toFixed(2)}` : "",
      ]),
    ),
  );
}

interface Tree {
  step: string;
  attempt: number;
  path: string;
  state: string;
  bytes: number;
  why: string;
}

/** The worktrees, and whether they are still needed. */
export function sayWorktrees({ worktrees }: Doc): string {
  const all = rowsOf<Tree>(worktrees);
  if (all.length === 0) return "There are no worktrees.";
  const spare = all.filter(({ state }) => state === "unneeded").length;
  return parts(
    `${upper(count(all.length, "worktree"))}, ${spare} of them not needed any more${spare > 0 ? ' (say "clean up the worktrees")' : ""}:`,
    table(
      ["step", "attempt", "state", "size", "why"],
      all.map((tree) => [
        cite("step", tree.step),
        String(tree.attempt),
        tree.state,
        bytes(tree.bytes),
        words(tree.why),
      ]),
    ),
  );
}

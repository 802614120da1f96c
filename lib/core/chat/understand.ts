import { findAction } from "../actions";
import { err } from "../result";
import type { Sequence } from "../sequence/schema";
import type { TemplateTexts } from "../templates";
import { readAdd } from "./add";
import { readChain } from "./chain";
import { readEnvironment, readIdentity, readLimits, readSequenceName, readSet, readTraits } from "./change";
import type { Clause, Reader } from "./clause";
import { readDecline, readException, readGoal } from "./declines";
import { readEnduring } from "./enduring";
import { readGateWish } from "./gate-wishes";
import { readGateAway, readGateDecision, readGateName } from "./gates";
import { readConditional, readHandler } from "./handlers";
import { allKeys } from "./keys";
import { readLooseAdd } from "./loose-add";
import { readLooseKeys } from "./loose-keys";
import { readLooseQuestions } from "./loose-questions";
import { findExact } from "./nodes";
import { readPast } from "./past";
import { bare, cuts, literalOf, type Phrase, sentences, toPhrase, unexplained } from "./phrase";
import { readLogs, readNeighbours, readStates, readThing, readWhy, sayStanding } from "./questions";
import { answer, ask, type ChatCall, decline, propose, type Reading, type World } from "./reading";
import { readDissolve, readPick, readWorktrees } from "./regroup";
import { mended, reworded } from "./reworded";
import { readAgain, readHistory, readRun } from "./runs";
import { readFusion, readParallel } from "./shapes";
import { suggestionsNow, withSuggestions } from "./suggest";
import { readTemplate } from "./template";
import { readTopic } from "./topics";
import { splitLine } from "./values";
import { readRemove, readUnwire, readWire } from "./wire";
import { readWish } from "./wishes";
import { readWordedAdd } from "./worded-add";

/** All kinds of request, the more particular before the more general. */
const readers: readonly Reader[] = [
  readException,
  readHandler,
  readPast,
  readWish,
  readTopic,
  readHistory,
  readSequenceName,
  readStates,
  readLogs,
  readNeighbours,
  readWhy,
  readTemplate,
  readPick,
  readDissolve,
  readWorktrees,
  readFusion,
  readChain,
  readParallel,
  readGateWish,
  readGateAway,
  readUnwire,
  readTraits,
  readEnduring,
  readLimits,
  readSet,
  readEnvironment,
  readGateName,
  readIdentity,
  readWire,
  readGoal,
  readWordedAdd,
  readAdd,
  readGateDecision,
  readRemove,
  readAgain,
  readRun,
  readThing,
  readLooseKeys,
  readLooseAdd,
  readLooseQuestions,
  readConditional,
];

const mostChars = 2000;
const mostCuts = 12;

/** Reads a plain request, without any model: what it asks to be done, what it asks, or why that can't be told. */
export function understand(message: string, world: World): Reading {
  return withSuggestions(readMessage(message, world), world, message);
}

function readMessage(message: string, world: World): Reading {
  const said = message.trim();
  if (said === "") return decline('Say what you want of the sequence, or "help".');
  if (said.length > mostChars)
    return decline(
      `That is too long for a chat without a model (more than ${mostChars} characters). Say it in short requests.`,
    );
  if (/^\?+$/.test(said)) return readMessage("help", world);
  if (/^[^\p{L}\p{N}]+$/u.test(said))
    return decline("There is no word in that. Say what you want of the sequence.");
  const lines = said.split("\n").map((line) => line.trim().replace(/^\$ /, ""));
  if (lines.every((line) => line === "" || /^seqctl(?: |$)/.test(line)))
    return readLines(lines.filter(Boolean), world);
  const phrase = toPhrase(said);
  const only = literalOf(phrase, bare(phrase.text).replace(/^(?:run|do|execute|type|call) /i, ""));
  if (only !== undefined && /^seqctl /.test(only)) return readLines([only], world);
  return readPhrase(phrase, world) ?? readMended(phrase, world) ?? unknown(phrase, world);
}

const readPhrase = (phrase: Phrase, world: World): Reading | undefined =>
  readAll(sentences(phrase.text), phrase, world) ?? readAll(lineEnds(phrase.text), phrase, world);

/** Slips of the finger are mended only where nothing is understood without, and it is said which. */
function readMended(phrase: Phrase, world: World): Reading | undefined {
  const names = new Set([...world.steps, ...world.gates].map(({ id }) => id));
  const { text, slips } = mended(phrase.text, names);
  const read = slips.length > 0 ? readPhrase({ ...phrase, text }, world) : undefined;
  return read?.kind === "calls" ? { ...read, says: [...read.says, `I read ${slips.join(", ")}.`] } : read;
}

/** The text cut at line ends and full stops only: some requests have a `then` within. */
function lineEnds(text: string): string[] {
  return text.split(/\n+|(?<=[\w»)])[.!?](?=\s|$)|;/).filter((part) => part.trim() !== "");
}

function readAll(parts: readonly string[], phrase: Phrase, world: World): Reading | undefined {
  const whole = lineEnds(phrase.text);
  // A request that is understood as a whole is not cut at its `then`.
  if (whole.length === 1 && parts.length > 1) {
    const first = readClause(whole[0] as string, phrase, world);
    if (isSettled(first)) return first;
  }
  let at: World = world;
  let verb: string | undefined;
  let merged: Reading | undefined;
  for (const part of parts) {
    const read = readText(part, phrase, at, verb, merged?.kind === "calls" ? merged.calls : []);
    if (!read || !isSettled(read)) return merged === undefined || !read ? undefined : partly(part, read);
    at = read.kind === "calls" ? evolved(at, read.calls) : at;
    verb = verbOf(part) ?? verb;
    const both = merged === undefined ? read : merge(merged, read);
    if (!both) return undefined;
    merged = both;
  }
  return merged;
}

/** Nothing is proposed of a message of which a part was not understood. */
function partly(part: string, read: Reading): Reading {
  return read.kind === "refusal"
    ? { ...read, says: `${read.says} (About '${bare(part)}'; nothing is proposed until all of it is clear.)` }
    : read;
}

/** Calls one after the other: what is said twice is done once, and what is said of a new step belongs to it. */
function joined(first: readonly ChatCall[], second: readonly ChatCall[]): ChatCall[] {
  const calls = [...first];
  for (const { action, input } of second) {
    if (calls.some((one) => one.action === action && JSON.stringify(one.input) === JSON.stringify(input)))
      continue;
    const at = calls.findIndex((one) => one.action === "step.add" && one.input.id === input.id);
    const made = calls[at];
    if (action !== "step.edit" || made === undefined || "unset" in input) calls.push({ action, input });
    else calls[at] = { ...made, input: { ...made.input, ...input } };
  }
  return calls;
}

function merge(one: Reading, other: Reading): Reading | undefined {
  if (other.kind === "refusal") return other;
  if (one.kind === "calls" && other.kind === "calls")
    return propose(joined(one.calls, other.calls), ...one.says, ...other.says);
  if (one.kind === "answer" && other.kind === "answer") return answer(`${one.says}\n\n${other.says}`);
  if (one.kind === "calls" && other.kind === "answer") return propose(one.calls, ...one.says, other.says);
  if (one.kind === "answer") return other;
  return decline("That is a change and a question in one. Ask the question on its own.", "status");
}

const isSettled = (read: Reading | undefined): read is Reading =>
  read !== undefined && !(read.kind === "refusal" && !read.sure);

/** What goes on with the verb of the clause before it: `a gate before deploy`, `test after build`, or one word. */
const goesOn =
  /^(?:an?|another|the|one|«\d+»)(?= |$)| (?:after|before|between|behind|in front of|to|as|into|with|->|→) |^[^\s?]+$/i;

/** Reads one clause, or two of which the first is understood by itself. */
function readText(
  text: string,
  phrase: Phrase,
  world: World,
  verb: string | undefined,
  before: readonly ChatCall[],
): Reading | undefined {
  const one = (part: string): Reading | undefined => {
    const meant = withPronouns(part, before);
    const read = readClause(meant, phrase, world);
    if (isSettled(read) || verb === undefined || !goesOn.test(bare(meant))) return read;
    const inherited = readClause(`${verb} ${bare(meant)}`, phrase, world);
    return isSettled(inherited) ? inherited : (read ?? inherited);
  };
  const whole = one(text);
  if (isSettled(whole)) return whole;
  for (const [head, tail] of cuts(text).slice(0, mostCuts)) {
    // A lone verb before `and` goes on behind it: `stop and restart test`.
    if (!head.includes(" ")) continue;
    const first = one(head);
    if (!isSettled(first) || first.kind === "refusal" || first.kind === "ask") continue;
    const calls = first.kind === "calls" ? first.calls : [];
    const rest = readText(tail, phrase, evolved(world, calls), verbOf(head) ?? verb, calls);
    if (!isSettled(rest)) continue;
    const both = merge(first, rest);
    if (both) return both;
  }
  return readDecline({ text: bare(text), phrase, world }) ?? whole;
}

/** What the first kind of request that fits makes of a clause; else the first that fits but for what it names. */
function readClause(text: string, phrase: Phrase, world: World): Reading | undefined {
  const said = text.trim().replace(/[\s.!?;:,]+$/, "");
  let miss: Reading | undefined;
  for (const form of new Set([
    said,
    bare(text),
    unexplained(bare(text)),
    bare(reworded(bare(text))),
    aboutOne(bare(text), phrase, world),
  ])) {
    const clause: Clause = { text: form, phrase, world };
    for (const reader of readers) {
      const read = reader(clause);
      if (isSettled(read)) return read;
      miss ??= read;
    }
  }
  return miss;
}

/** `lint hangs, stop it` as `stop lint`. */
function aboutOne(text: string, phrase: Phrase, world: World): string {
  const found =
    /^(?:the )?(?:step |gate )?(?<ref>[^\s,]+) (?:is|hangs|seems|looks|keeps|has|fails|failed|does|takes|was|broke)\b[^,]*,? (?:so |please |and |then )*(?<rest>(?:\w+ )+(?:it|that one|this one)(?: .*)?)$/i.exec(
      text,
    )?.groups;
  const id = found?.ref === undefined ? undefined : findExact(world, phrase, found.ref, "node");
  if (id === undefined || found?.rest === undefined) return text;
  return bare(found.rest).replace(/(?<![\w-])(?:it|that one|this one)(?![\w-])/i, id);
}

/** The verb a clause begins with, for a next one that leaves it out. */
function verbOf(text: string): string | undefined {
  return /^(?:add|create|insert|put|place|include|remove|delete|drop|run|start|execute|launch|stop|rerun|restart|rename|retitle|relabel|set|change|give|tag|retry|duplicate|copy|clone)(?= )/i.exec(
    bare(text),
  )?.[0];
}

const pronouns =
  /(?<![\w-])(?:it|them|both|that one|this one|that step|this step|these|those|the new (?:one|step)|the (?:new )?copy)(?![\w-])(?!'s)/gi;

const itsKey = new RegExp(`(?<![\\w-])its (?=(?:${allKeys})(?![\\w-]))`, "gi");

/** `it` and `them` stand for what the request before them was about. */
function withPronouns(text: string, before: readonly ChatCall[]): string {
  const added = before
    .filter(({ action }) => action === "step.add" || action === "gate.insert")
    .map(({ input }) => String(input.id));
  const last = before.at(-1)?.input;
  const meant =
    added.length > 0 ? added : [last?.new ?? last?.id ?? last?.step].filter((id) => typeof id === "string");
  if (meant.length === 0 || /^(?:make|do) it so$/i.test(text)) return text;
  const owned = meant.length === 1 ? text.replace(itsKey, `${meant[0]}'s `) : text;
  return owned.replace(pronouns, meant.join(" and "));
}

const noTemplates: TemplateTexts = {
  names: () => [],
  read: (name) => err({ code: "template.unknown", type: name }),
};

/** The world after edits, for what is said behind them; a call that does not fit is told when it is tried. */
function evolved(world: World, calls: readonly ChatCall[]): World {
  let { sequence } = world;
  for (const { action, input } of calls) {
    const found = findAction(action);
    const parsed = found?.input.safeParse(input);
    if (found?.effect.kind !== "edit" || !parsed?.success) continue;
    const next = found.effect.apply(sequence, parsed.data as never, { templates: noTemplates });
    if (next.ok) sequence = next.value as Sequence;
  }
  return { ...world, sequence };
}

function readLines(lines: readonly string[], world: World): Reading {
  const calls: ChatCall[] = [];
  for (const line of lines) {
    const words = splitLine(line.replace(/^seqctl ?/, ""));
    if (!words && line !== "seqctl")
      return decline(
        `I can't read the quotes of \`${line}\`; write it as for a shell, without $ and the like.`,
      );
    if (!world.readLine) return decline("Command lines can't be read here; say it in words.");
    const read = world.readLine(words ?? []);
    if (!read.ok) {
      const { failure } = read;
      const problem = failure.code === "input.invalid" ? failure.problem : failure.code;
      const hint = failure.code === "input.invalid" ? failure.hint : undefined;
      return decline(`\`${line}\`: ${problem}.`, ...(hint === undefined ? [] : [hint]));
    }
    if (read.value.kind === "view") {
      if (lines.length > 1) return decline("Ask one question at a time.", line);
      return ask(read.value.view, read.value.input, `\`${line}\`:`);
    }
    const { action, input } = read.value;
    if (action === "gate.approve")
      return decline(
        `A gate is a person's decision, so the chat can't approve '${input.id}'. Look at the gate and decide there, or in a terminal.`,
        `seqctl gate approve ${input.id}`,
      );
    if (action.startsWith("proposal."))
      return decline(
        "A proposal is a person's decision: decide beside it, in the inbox, or in a terminal.",
        `seqctl ${action === "proposal.approve" ? "approve" : "reject"} ${input.id}`,
      );
    calls.push({ action, input });
  }
  return propose(calls);
}

/** Why nothing was understood, and what would be. */
function unknown(phrase: Phrase, world: World): Reading {
  const exact = findExact(world, phrase, bare(phrase.text), "node");
  if (exact !== undefined) return answer(sayStanding(world, exact));
  for (const part of sentences(phrase.text)) {
    const clause = { text: bare(part), phrase, world };
    const read = readDecline(clause) ?? readClause(part, phrase, world);
    if (read?.kind === "refusal") return { ...read, sure: true };
  }
  return decline(
    "I did not understand that. I know plain requests about this sequence, one thing at a time; a model understands more.",
    ...suggestionsNow(world, phrase.text)
      .filter((text) => text !== "help")
      .slice(0, 3),
    "what can I say",
  );
}

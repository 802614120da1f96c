import { type Clause, freeId, needsOfNode, newName, type Reader, stepOf, textOf } from "./clause";
import { findExact, findNode } from "./nodes";
import { match, pattern } from "./phrase";
import { agentName, agentWords } from "./place";
import { call, decline, propose, type Reading, type World } from "./reading";
import { readCommand } from "./values";

const fails =
  "(?:fails|failed|has failed|is failing|breaks|has broken|goes wrong|went wrong|does not (?:work|succeed|pass))";
const condition = "(?:only )?(?:if|when|whenever|in case|in the case that|once|after)";
const runs = "(?:is |gets |be )?(?:only )?(?:runs?|executes?d?|starts?|started|called|comes?|happens?)";
const line =
  "(?:: ?|,? (?:and )?(?:with|using|by)(?: (?:the )?(?:command|line|script):?)? |,? (?:and )?(?:running|executing|calling) |,? (?:(?:which|that|it|and|to) )+(?:should |must )?(?:runs?|executes?|calls?) )<line>";
const adding = "(?:add|create|insert|put(?: in)?|make|set up|define|introduce|include|have)";
const handling = [
  pattern(
    `${adding} (?:an? |the |another )?(?:new )?<what>,? (?:that|which|to) (?:should |must |shall |will |may )?(?:only )?${runs} ${condition} (?:the )?<ref> ${fails}${line}`,
  ),
  pattern(
    `${adding} (?:an? |the |another )?(?:new )?<what>${line},? (?:that |which |to |and )?(?:should |must )?(?:only )?${runs} ${condition} (?:the )?<ref> ${fails}`,
  ),
  pattern(
    `${adding} (?:an? |the |another )?(?:new )?<what> (?:for|to handle) (?:when|if) (?:the )?<ref> ${fails}${line}`,
  ),
  pattern(
    `${condition} (?:the )?<ref> ${fails},? (?:then )?(?:please )?(?:run|execute|start|call|add|create|do) (?:an? |the |another )?(?:new )?<what>${line}`,
  ),
];
const agent = `(?<agent>${agentWords})`;
const told = ",? (?:and )?(?:with|using|told|given) (?:the |a )?prompt:? (?<text>«\\d+»)";
const name = "(?<what>[\\w-]+|«\\d+»)";
const byAgent = [
  pattern(
    `${adding} (?:an? |the |another )?(?:new )?${agent}[- ](?:step|agent|task|job)(?: (?:called|named))? ${name},? (?:(?:that|which|to) (?:should |must )?(?:only )?${runs} )?${condition} (?:the )?<ref> ${fails}(?:${told})?`,
  ),
  pattern(
    `${adding} (?:an? |the |another )?(?:new )?${agent}[- ](?:step|agent|task|job)(?: (?:called|named))? ${name}${told},? (?:(?:that|which|to|and) (?:should |must )?(?:only )?${runs} )?${condition} (?:the )?<ref> ${fails}`,
  ),
];
/** The same of a step that there is already. */
const calling = [
  pattern(`(?:only )?(?:run|start|execute|call|do) <what> ${condition} (?:the )?<ref> ${fails}`),
  pattern(`<what> (?:should |must |shall )?(?:only )?${runs} ${condition} (?:the )?<ref> ${fails}`),
  pattern(
    `${condition} (?:the )?<ref> ${fails},? (?:then )?(?:please )?(?:run|start|execute|call|do) (?:the )?(?:step )?<what>`,
  ),
];

function callFor({ world, phrase, text }: Clause): Reading | undefined {
  const found = match(calling, text);
  const id = found?.what === undefined ? undefined : findExact(world, phrase, found.what, "step");
  const of = found?.ref === undefined ? undefined : findExact(world, phrase, found.ref, "step");
  if (id === undefined || of === undefined || id === of) return undefined;
  const known = stepOf(world, of)?.on_failure ?? [];
  if (waitsFor(world, id, of))
    return decline(
      `'${id}' waits for '${of}' to end well, so it can't be what runs when that fails.`,
      `add a step rollback that runs only if ${of} fails: "…"`,
      `what does ${id} depend on`,
    );
  if (known.includes(id)) return propose([], `'${id}' runs when '${of}' has failed already.`);
  return propose(
    [call("step.edit", { id: of, on_failure: [...known, id] })],
    `'${id}' runs only when '${of}' has failed.`,
  );
}

/** Whether a node waits for another, however far up. */
function waitsFor(world: World, id: string, of: string): boolean {
  const queue = new Set([id]);
  for (const at of queue) for (const need of needsOfNode(world, at)) queue.add(need);
  return id !== of && queue.has(of);
}

/** A condition where a command would stand. */
const conditional =
  /\b(?:runs?|executes?|executed|running|executing|command|with|does)[: ]+(?:is )?(?:only |just )*(?:if|when|whenever|unless|in case|once|after|on (?:failure|success|error))\b/i;
const anAdd = new RegExp(`^${adding} `, "i");

/** `add a step rollback that runs only if deploy fails: ./rollback.sh`: a step that another one calls for when it fails. */
export const readHandler: Reader = (clause) => {
  const called = callFor(clause);
  if (called) return called;
  const agents = match(byAgent, clause.text);
  if (agents) return handOver(clause, agents);
  const found = match(handling, clause.text);
  if (found?.what === undefined || found.ref === undefined || found.line === undefined) return undefined;
  const { world, phrase } = clause;
  const watched = findNode(world, phrase, found.ref, "step");
  if (!watched.ok)
    return watched.reading.kind === "refusal" ? { ...watched.reading, sure: true } : watched.reading;
  const name = newName(clause, found.what);
  if (!name || /\s/.test(barely(found.what))) return undefined;
  if (findExact(world, phrase, name.id, "node") !== undefined)
    return decline(
      `There is already a step or gate '${name.id}'; say another name for the new one.`,
      `add a step ${freeId(world, name.id)} that runs only if ${watched.id} fails: "…"`,
    );
  // Where an unquoted command ends can't be told from a next request.
  if (!/^«\d+»$/.test(found.line) && /«|[,;]|\b(?:and|then|but|if|when|unless|or)\b/i.test(found.line))
    return decline(
      `Where the command '${textOf(clause, found.line)}' ends is not clear; put it in quotes.`,
      `add a step ${name.id} that runs only if ${watched.id} fails: "…"`,
    );
  const known = stepOf(world, watched.id)?.on_failure ?? [];
  return propose(
    [
      call("step.add", { ...name, command: readCommand(textOf(clause, found.line)) }),
      call("step.edit", { id: watched.id, on_failure: [...known, name.id] }),
    ],
    `'${name.id}' runs only when '${watched.id}' has failed.`,
  );
};

/** `add a claude step triage when test fails with prompt "…"`: an agent that is called for. */
function handOver(clause: Clause, found: Record<string, string>): Reading | undefined {
  const { world, phrase } = clause;
  const watched = findNode(world, phrase, found.ref ?? "", "step");
  if (!watched.ok)
    return watched.reading.kind === "refusal" ? { ...watched.reading, sure: true } : watched.reading;
  const made = newName(clause, found.what ?? "");
  if (!made) return undefined;
  if (findExact(world, phrase, made.id, "node") !== undefined)
    return decline(
      `There is already a step or gate '${made.id}'; say another name for the new one.`,
      `add a ${found.agent} step ${freeId(world, made.id)} when ${watched.id} fails with prompt "…"`,
    );
  const { id } = made;
  const prompt =
    found.text === undefined ? [] : [call("prompt.edit", { id, text: `${textOf(clause, found.text)}\n` })];
  return propose(
    [
      call("step.add", { ...made, model: agentName(found.agent ?? ""), prompt: `prompts/${id}.md` }),
      ...prompt,
      call("step.edit", {
        id: watched.id,
        on_failure: [...(stepOf(world, watched.id)?.on_failure ?? []), id],
      }),
    ],
    `'${id}' runs only when '${watched.id}' has failed.`,
    ...(found.text === undefined ? [`Its prompt belongs in .threados/prompts/${id}.md.`] : []),
  );
}

const barely = (words: string) => words.replace(/ ?(?:steps?|tasks?|jobs?)(?: (?:called|named))? ?/gi, "");

/** What is to be added under a condition that is not understood is asked about, and never taken for its command. */
export const readConditional: Reader = ({ text }: Clause) =>
  anAdd.test(text) && conditional.test(text.replace(/«\d+»/g, "«"))
    ? decline(
        "Whether that is a condition or a command is not clear. Put the command in quotes, and the condition into a request of its own.",
        'add a step rollback that runs only if <step> fails: "./rollback.sh"',
        'set the condition of <step> to "params.full == true"',
      )
    : undefined;

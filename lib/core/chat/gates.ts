import { type Clause, namedBy, needsOfNode, type Reader } from "./clause";
import { endless, goesFurther } from "./further";
import { findExact, findNode } from "./nodes";
import { match, pattern, plainText } from "./phrase";
import { type ChatCall, call, decline, propose, type Reading, unsure } from "./reading";

const approving = [
  pattern(
    "(?:approve|accept|confirm|sign off(?: on)?|pass|release|open|unblock|ok|okay|green[- ]?light|let through|wave through|clear|allow|authori[sz]e|grant|agree (?:to|with)|say (?:yes|ok) to|yes to|unlock|continue (?:past|after|at|with|through)|proceed (?:past|with|through|at)|go (?:ahead|on) (?:with|past|at)|move past|give (?:my )?(?:approval|ok|okay|consent) (?:to|for|at)) <ref>",
  ),
  pattern(
    "(?:i |we )(?:hereby )?(?:approve|accept|confirm|sign off on|agree to|am ok with|am fine with|am okay with) <ref>",
  ),
  pattern("(?:let|get|wave|sign|nod) <ref> (?:pass|through|go|proceed|continue|off|go through)"),
  pattern(
    "<ref> (?:is|looks|seems|has been|was|gets|can be) (?:all )?(?:fine|good|ok|okay|great|alright|approved|accepted|cleared|green|confirmed|released|perfect)(?: to (?:go|me)| with me| by me)?(?:,? (?:and )?(?:(?:please )?(?:go ahead|go on|continue|proceed|ship it|carry on|let it (?:pass|through)|you can (?:go on|continue|proceed))))?",
  ),
  pattern("<ref>(?:(?::|,| is| -) ?| )(?:approved|ok|okay|yes|lgtm|looks good(?: to me)?|go|go ahead)"),
  pattern(
    "(?:give|grant) <ref> (?:my |the |an? )?(?:go|pass|yes|green light|approval|ok|okay|go|go-ahead|sign-?off|thumbs up|blessing)",
  ),
  pattern("(?:mark|set) <ref> (?:as |to )?(?:approved|accepted|confirmed|ok|done|passed)"),
  pattern("(?:lgtm|approved|ok|okay|yes|go),? (?:for |on |at )?<ref>"),
  pattern(
    "<ref> (?:can|may|should) (?:pass|go through|be approved|proceed|go ahead|continue|be passed|be opened)",
  ),
];
const no =
  "(?:reject|refuse|deny|veto|turn down|disapprove(?: of)?|decline|block|close|fail|do not (?:approve|accept|pass|open|release|allow|let through|sign off(?: on)?)|say no (?:to|at)|no to|nack|vote against|send back|throw back|push back on|stop at)";
const refs =
  "(?<ref>[^\\s,:;]+(?: (?!because|since|as |due|with|for |on |saying|reason|and |but )[^\\s,:;]+)*?)";
const because =
  "(?:,? (?:and |but )?(?:because(?: of)?|since|as|due to|on (?:the )?grounds? (?:that|of)|given(?: that)?|saying(?: that)?|with (?:the |a )?(?:following )?(?:reason|comment|message|note|remark|feedback|explanation)(?: that|:| of)?|(?:the |my |for the |giving the |give the )?(?:reason|comment|message)(?: is| being|:| that)*(?: that)?|giving as (?:the )?reason|for|with|citing|stating(?: that)?|tell (?:them|it|him|her)(?: that)?)[:,]?|,|:| [-–—]+)";
const blocking = [
  pattern(`(?:i (?:want to |would like to )?)?${no} (?:the )?${refs}(?:${because} <reason>)?`),
  pattern(
    `(?:do not|never|can not|will not|must not) (?:let|allow|have) (?:the )?${refs} (?:pass|through|to pass|to go through|go through|proceed|continue)(?:${because} <reason>)?`,
  ),
  pattern(
    `(?:the )?${refs} (?:is|gets|should be|must be|has to be|was|can be) (?:rejected|refused|denied|blocked|declined|vetoed|turned down|not (?:ok|okay|good|fine|approved|accepted|acceptable))(?:${because} <reason>)?`,
  ),
  pattern(
    `(?:the )?${refs} (?:can not|may not|must not|should not|does not|shall not|will not|is not allowed to) (?:pass|go through|proceed|be approved|get through)(?:${because} <reason>)?`,
  ),
  pattern(
    `(?:send|turn|throw|knock|vote|set) (?:the )?${refs} (?:back|down|to rejected|to blocked)(?:${because} <reason>)?`,
  ),
  pattern(`(?:give|show) (?:the )?${refs} (?:a )?(?:thumbs down|red light|no|no-go)(?:${because} <reason>)?`),
  pattern(
    `no(?: go)?,? (?:for |to |at |on )?(?:the )?${refs} (?:is|does) not (?:ok|okay|good|pass|fine)(?:${because} <reason>)?`,
  ),
];
const proposals =
  /\bproposals?\b|^(?:approve|apply|accept|confirm|ok|okay) (?:it|that|this|them|all|everything|all (?:of )?(?:the )?gates|every gate)\b/i;

const goingBack =
  /(?:,| [-–—])?(?: (?:and|but|so|then|please))+(?: (?:then|please|to))* (?:(?:send|return|hand|pass|bring|take|push|throw|put|give) (?:(?:it|this|that|them|the work|work|everything) )?back|return(?: (?:it|this|that|them|the work|work|everything))?|(?:go|start|begin) (?:back|again|over)) (?:to|from|at) (?<step>.+?)(?= because | since |: |$)/i;

/** `reject review because … and send it back to build`: the rejection, and the step that the work goes back to. */
function partedBack(text: string): { text: string; step: string | undefined } {
  const found = goingBack.exec(text);
  if (!found) return { text, step: undefined };
  return {
    text: text.slice(0, found.index) + text.slice(found.index + found[0].length),
    step: found.groups?.step,
  };
}

/** `reject review because the tests are flaky` is proposed; `approve review` is a person's own decision. */
export const readGateDecision: Reader = (clause) => {
  const { world, phrase } = clause;
  const parted = partedBack(clause.text);
  // Only a rejection sends work back; whatever else speaks of it is read whole.
  const isParted = parted.step !== undefined && match(blocking, parted.text) !== undefined;
  const text = isParted ? parted.text : clause.text;
  const against = match(blocking, text);
  const yes = against ? undefined : match(approving, text)?.ref;
  if (yes === undefined && against?.ref === undefined) return undefined;
  if (proposals.test(text))
    return decline(
      "What is asked of a person is decided by a person, one by one and not by the chat: Apply or Discard stands beside a proposal, and a gate is approved by its name.",
      "what waits for me",
      "seqctl inbox",
      "seqctl approve <proposal>",
    );
  const found = findNode(world, phrase, (yes ?? against?.ref) as string, "gate");
  if (!found.ok) return found.reading;
  if (yes !== undefined) {
    const why = world.gates.find(({ id }) => id === found.id)?.why;
    return decline(
      `A gate is a person's decision, so the chat can't approve '${found.id}'. Look at the gate and decide there, or in a terminal.${why === undefined ? "" : ` Now: ${why}`}`,
      `seqctl gate approve ${found.id}`,
    );
  }
  return turnDown(clause, found.id, against?.reason, isParted ? parted.step : undefined);
};

function turnDown(
  { phrase, world }: Clause,
  id: string,
  reason: string | undefined,
  back: string | undefined,
): Reading {
  const step = back === undefined ? undefined : findNode(world, phrase, back, "step");
  if (step?.ok === false)
    return step.reading.kind === "refusal" ? { ...step.reading, sure: true } : step.reading;
  // What is not in quotes and still speaks of a way back may be an order as well as a reason.
  if (
    reason !== undefined &&
    (/\b(?:back|return|restart|rerun|re-run|redo)\b/i.test(reason) ||
      goesFurther({ text: "", phrase, world }, reason))
  )
    return decline(
      `Whether '${plainText(phrase, reason)}' is all reason, or asks for something more, is not clear. Put the reason in quotes.`,
      `reject ${id} because "…"`,
      `reject ${id} because "…" and send it back to <step>`,
    );
  if (reason === undefined)
    return step === undefined
      ? propose([call("gate.block", { id })])
      : decline(
          "Whoever does the work again has to know what was not right. Say why.",
          `reject ${id} because "…" and send it back to ${step.id}`,
        );
  const said = plainText(phrase, reason).trim();
  return propose([
    call("gate.reject", { id, reason: said, ...(step === undefined ? {} : { back_to: step.id }) }),
  ]);
}

/** A gate that goes: what waited for it waits for what it waited for itself. */
export function removeGate({ world }: Clause, id: string): Reading {
  const needs = needsOfNode(world, id);
  const calls = namedBy(world, id).flatMap((step): ChatCall[] => [
    ...needs
      .filter((dep) => dep !== step && !needsOfNode(world, step).includes(dep))
      .map((dep) => call("dep.add", { step, dep })),
    call("dep.rm", { step, dep: id }),
  ]);
  return propose([...calls, call("gate.rm", { id })], "Nobody is asked there any more.");
}

const gateWord =
  "(?:(?:manual |human |approval )?(?:gates?|approvals?|checkpoints?|sign-?offs?|confirmations?|checks?))";
const opening = [
  pattern(
    `(?:remove|delete|drop|get rid of|take (?:out|away)|cut|scrap|ditch|throw out|skip) (?:the |any |all )?${gateWord} (?:before|in front of|ahead of|for|at|on|of) <ref>(?: for good)?`,
  ),
  pattern(
    `no (?:more |longer )?(?:any |an? )?${gateWord} (?:before|in front of|ahead of|for|at|on) <ref>(?: any ?more)?`,
  ),
  pattern(
    `<ref> (?:no longer|does not|should not|should no longer|must not|need not|needs no|need no)(?: any ?more)?(?: needs?| requires?| have| has)?(?: an?| my| any)? (?:longer )?${gateWord}(?: any ?more| any ?longer)?`,
  ),
  pattern(
    `(?:do not|never|no longer) (?:ask|require|need|wait for|demand|want) (?:me|us|an? |my |any |the |human |manual )*(?:${gateWord})? ?(?:before|for|at|in front of) <ref>(?: any ?more| any ?longer)?`,
  ),
];

/** `no more approval before deploy`: the one gate that a step waits for goes. */
export const readGateAway: Reader = (clause) => {
  const ref = match(opening, clause.text)?.ref;
  const id = ref === undefined ? undefined : findExact(clause.world, clause.phrase, ref, "node");
  if (id === undefined) return undefined;
  const gates = clause.world.sequence.gates ?? [];
  if (gates.some((gate) => gate.id === id)) return removeGate(clause, id);
  const before = needsOfNode(clause.world, id).filter((need) => gates.some((gate) => gate.id === need));
  const [only] = before;
  if (only !== undefined && before.length === 1) return removeGate(clause, only);
  return only === undefined
    ? decline(`No gate stands right before '${id}'.`, "what gates are there")
    : decline(`Which gate do you mean: ${before.join(", ")}?`, `remove the gate ${only}`);
};

const gateNaming = [
  pattern("(?:rename|retitle|relabel) (?:the )?(?:gate |approval )?<ref> (?:to|as|into|->) <value>"),
  pattern(
    "(?:change|set) (?:the )?(?:name|title|question) of (?:the )?(?:gate |approval )?<ref> (?:to|into|as) <value>",
  ),
];

/** `rename the gate review to "Ship it?"`. */
export const readGateName: Reader = ({ text, world, phrase }) => {
  const found = match(gateNaming, text);
  const id = found?.ref === undefined ? undefined : findExact(world, phrase, found.ref, "gate");
  if (id === undefined || found?.value === undefined) return undefined;
  if (goesFurther({ text, world, phrase }, found.value))
    return unsure(endless(found.value), `rename ${id} to "…"`);
  const name = found.value.replace(/«(\d+)»/g, (whole, at: string) => phrase.literals[Number(at)] ?? whole);
  return propose([call("gate.edit", { id, name })], `Its id stays '${id}': others refer to it by that.`);
};

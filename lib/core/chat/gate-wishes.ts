import { addGate } from "./add";
import type { Clause, Reader } from "./clause";
import { findExact } from "./nodes";
import { match, pattern } from "./phrase";
import { decline, type Reading } from "./reading";

const person = "(?:an? (?:human|person|colleague|reviewer)|someone|somebody|me|i|us|we)";
const yes =
  "(?:approval|approvals|sign-?off|confirmation|review|permission|consent|an? ok|ok|okay|decision|go-ahead|green light|word|say-so|check)";
const looks =
  "(?:approve|check|review|confirm|decide|look|look at it|sign off|agree|say yes|have a look|take a look)(?: (?:it|this|that|first))?";
const where =
  "(?<side>before|ahead of|prior to|after|behind|once|between|in between|from|going from) (?:(?:you )?(?:run(?:ning)?|start(?:ing)?|execut(?:e|ing)|launch(?:ing)?|do(?:ing)?) )?<ref>(?: (?:runs|starts|is done|has finished|is finished|can run|can start|begins|may start|may run|is started|is run|gets started|finishes|completes))?";
const own =
  "(?:an? |any |my |our |the |human |manual |explicit |someone's |a person's |a human's |prior |final |[\\w-]+'s )*";
const lets =
  "(?:approves?|have approved|has approved|agrees?|says? (?:so|yes|ok)|confirms?|signs? off|has signed off|have signed off|gives? (?:the |my |an? )?(?:ok|okay|go|go-ahead|approval|green light)|have said yes|am ready|allow it|decides?|have looked at it|looked at it|have confirmed|ok it|okay it)";
const wishes = [
  pattern(
    `(?:require|request|demand|ask for|get|need|wait for|stop for|pause for|hold for|halt for|wait until there is|have|insist on) ${own}${yes} ${where}`,
  ),
  pattern(
    `(?:ask|wait for|stop for|pause for|check with|consult|prompt|get back to|come back to|stop and ask|pause and ask|wait and ask|halt and ask) ${person}(?: (?:for|to) (?:an? |my )?(?:${yes}|approve|confirm|decide|agree|check))? ${where}`,
  ),
  pattern(
    `(?:stop|pause|wait|hold|halt|interrupt|hold on|break) (?:the run |everything )?${where} (?:for ${own}${yes}|(?:and |to )?(?:ask|wait for|check with|consult) ${person}(?: (?:for|to) .+)?|until ${person} ${lets})`,
  ),
  pattern(
    `(?:${person} (?:want|wants|should|must|need|needs|has|have) to )?(?:check|review|see|inspect|look at|approve|confirm|verify) (?:the )?(?:results?|outputs?|outcomes?|work|changes) of <ref> before <to>(?: (?:runs|starts|begins|is started|can run|can start|goes on))?(?:,? (?:so |and )?(?:please )?(?:add|insert|put|create|set up) (?:an? )?(?:gate|approval)(?: there| for (?:it|that)| in between)?)?`,
  ),
  pattern(
    "(?:stop|pause|halt|hold|interrupt)(?: the run| everything| there)? (?:right |just )?(?<side>before|ahead of|prior to) <ref>",
  ),
  pattern(
    `(?:add |let |have |make |(?:i|we) (?:want|need|would like) )?${person} (?:to |should |must |has to |have to |wants? to |needs? to |should have to |must have to )?(?:be asked|${looks}) ${where}`,
  ),
  pattern(
    `<ref> (?:needs|need|requires|require|should (?:only )?(?:need|require|have|get|ask for)|must have|(?:must|should|has to|needs to|shall|may only|can only|should only|must only) (?:wait for|run after|start after|run with|start with|be run after|happen after|run once i give|go ahead with)|waits for) ${own}(?:approval|approvals|sign-?off|confirmation|permission|consent|an? ok|ok|okay|go-ahead|go|green light|gate|check|review|yes)(?: from ${person}| by ${person}| of ${person})?(?: (?:first|before it (?:runs|starts|can run|can start|may run)|before (?:running|starting)|to (?:run|start)|in front(?: of it)?|before it))?`,
  ),
  pattern(
    `(?:do not|never)(?: ever)? (?:run|start|do|execute|let|launch|begin)(?: with)? <ref> (?:(?:run|start) )?(?:without|before|until)(?: (?:asking|having asked|consulting) ${person}(?: first)?| ${own}${yes}| ${person} ${lets})`,
  ),
  pattern(
    `<ref> (?:must|should|may|can|shall|does|is) (?:not|never)(?: be)?(?: allowed to)? (?:run|start|started|begin|executed?|go) (?:without|before|until)(?: (?:asking|having asked|consulting) ${person}(?: first)?| ${own}${yes}| ${person} ${lets})`,
  ),
  pattern(
    `<ref> (?:should|must|may|can|shall|has to)(?: only)? (?:wait|run|start|be run|be held|hold|pause|be started)(?: only)? (?:until|after|once|when|if) (?:${person} ${lets}|${own}${yes})`,
  ),
  pattern(
    `(?:hold|keep|block|pause|delay|stop|suspend)(?: back)? <ref>(?: back| blocked)? until (?:${person} ${lets}|there is ${own}${yes}|${own}${yes})`,
  ),
  pattern(
    `only (?:run|start|execute|do) <ref> (?:after|once|when|if|with) (?:${person} ${lets}|${own}${yes})`,
  ),
  pattern(
    `(?:approve|check|review|confirm|sign off(?: on)?|okay|ok|authori[sz]e|look at|release|green-?light|decide on|decide about|agree to|inspect|see|be asked about|be asked for) <ref> (?:first )?(?:before|prior to|ahead of) (?:it|that|running|starting|this)(?: .{1,20})?`,
  ),
  pattern(
    `(?:let|have|make) ${person} (?:approve|check|review|confirm|sign off(?: on)?|okay|authori[sz]e|release|decide on|decide about) <ref>(?: (?:first|before it .{1,15}))?`,
  ),
  pattern(
    `(?:make|let|have) <ref> (?:wait for|require|need|ask for|depend on) ${own}(?:${person}|${yes}|approval|gate)(?: to (?:approve|confirm|say yes|agree|decide))?(?: (?:first|before it .{1,15}))?`,
  ),
  pattern(
    `(?:require|demand|request|need|add|get|ask for|want|put|set up|create|introduce|insist on) ${own}(?:new )?(?:approval|sign-?off|confirmation|permission|consent|gate|approval gate|checkpoint|check) (?:for|on|at|to run|to start|around) <ref>`,
  ),
  pattern(
    `(?:gate|guard|protect|secure) (?!before |after |between |in )<ref>(?: (?:with|by|behind) (?:an? )?(?:manual |human |new )?(?:gate|approval|approval gate|checkpoint|sign-?off|confirmation))?`,
  ),
  pattern(
    `(?:put|place|hide|lock) <ref> behind (?:an? )?(?:manual |human |new )?(?:gate|approval|approval gate|checkpoint|sign-?off|confirmation)`,
  ),
];
/** `don't ship without QA's okay`: what is not to be done without one is a step's name, or none that is known. */
const withheld = [
  pattern(
    `(?:do not|never)(?: ever)? (?<ref>[\\w-]+(?: (?:it|this|that|anything|to production))?) (?:without|before|until)(?: (?:asking|having asked|consulting) ${person}(?: first)?| ${own}${yes}| ${person} ${lets})`,
  ),
];
const frontedWish =
  /^(?<side>before|after|once|when|prior to|ahead of|between|in between) (?<ref>.+?)(?: (?:runs|starts|is done|has finished|is finished|finishes|begins|is started|can run|can start|completes|is run|may run|running))?,? (?:then |please |first )?(?:(?:i|we) (?:want|would like|need|have|wish) to (?:be asked|approve|check|confirm|look|sign off|decide|say yes|give my (?:ok|approval)|review)|(?:require|ask for|get|wait for|need|request|demand|stop for|pause for|hold for|i need|we need|there (?:should|must|has to) be) (?:me|us|an? |my |our |human |manual |explicit |someone's )*(?:to (?:approve|confirm|agree|decide)|person|human|approval|sign-?off|confirmation|permission|consent|ok|go-ahead|gate)?|ask (?:me|us|a person|someone)|(?:stop|pause|wait|halt|hold)(?: and| to)? (?:ask (?:me|us)|for (?:me|us|my|an?|human|manual)(?: (?:approval|sign-?off|ok|go|confirmation|go-ahead))?|until (?:i|we|someone|a person) .{2,25})|(?:a human|a person|someone|somebody|i|we) (?:should|must|has to|have to|needs to|need to|want to) (?:approve|check|confirm|look|sign off|decide|agree|review|say yes|be asked)(?: .{1,15})?)(?: (?:it|that|this))?(?:,? (?:before|and only then|and then|then) (?:going on |continuing |moving on |proceeding |you go on |it goes on |we go on |you continue |running |starting |you run |you start |run |start |go on |continue )(?:to |with |at )?(?<to>.+))?$/i;

/** `ask me before deploy`, `deploy needs a sign-off`, `a human should approve before deploy`. */
export const readGateWish: Reader = (clause) => {
  const turned = frontedWish.exec(clause.text)?.groups;
  const found = turned ?? match(wishes, clause.text);
  if (!found?.ref) return readWithheld(clause);
  if (found.to !== undefined)
    return found.side === undefined || /^(?:after|once|when)$/i.test(found.side)
      ? addGate(clause, undefined, { after: found.ref, before: found.to })
      : undefined;
  if (/^(?:in between|between|from|going from)$/i.test(found.side ?? ""))
    return addGate(clause, undefined, { between: found.ref.replace(/ to /i, " and ") });
  const isAfter = /^(?:after|behind|once|when)$/i.test(found.side ?? "");
  return addGate(clause, undefined, isAfter ? { after: found.ref } : { before: found.ref });
};

function readWithheld(clause: Clause): Reading | undefined {
  const verb = match(withheld, clause.text)?.ref;
  if (verb === undefined || /^(?:run|start|do|execute|let|launch|begin|go|continue|proceed)\b/i.test(verb))
    return undefined;
  const id = findExact(clause.world, clause.phrase, verb, "node");
  return id === undefined
    ? decline(
        `No step is called '${verb}'. Say which one a person is to be asked before.`,
        "put a gate before <step>",
      )
    : addGate(clause, undefined, { before: id });
}

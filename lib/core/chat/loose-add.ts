import { addSteps } from "./add";
import type { Reader } from "./clause";
import { literalOf } from "./phrase";
import type { Details } from "./place";
import { asksFirst, joints, saysOnly, tally, vocabulary } from "./tally";
import { readCommand } from "./values";

const named =
  /(?<=(?:^|[ ,(])(?:steps?|tasks?|jobs?|called|named|call(?: it| that| the step)?|name(?: it| the step)?|as|add|create|insert|put|new|append|prepend|need|have|squeeze|place|let|make|slot|with id|id|want|under the name) )(?!(?:the|a|an|new|step|task|job|called|named|it|that|which|as|in|to|with|for|of|at|on|by|so|from|doing|should|must|following|ahead|behind|and|be|is|run|runs|running|id|before|after|between|one|another|extra|there|me|us|shell|command|right|directly|just)(?![\w-]))(?<name>[\w][\w-]*)(?![\w-]|§)|^(?<first>[\w][\w-]*)(?= (?:should|must|shall|has to|needs to|comes|goes|to run|runs|,))|(?<=(?:^| )an? (?:new )?)(?!new|another|extra|additional|shell|agent|single)(?<own>[\w][\w-]*)(?= (?:step|task)(?![\w-]))/i;
const places: readonly (readonly [RegExp, "after" | "before" | "between"])[] = [
  [
    /(?:in )?between § and §|after § (?:and|but)(?: still)? before §|from § to §|§ and §(?=.* between)/i,
    "between",
  ],
  [
    /(?:after|behind|once|when|as soon as|following|follows?|append(?:ed)? to|on top of) §|§ (?:is|should be|must be) followed by|^follow §|(?=.*\bappend).* to §|when § /i,
    "after",
  ],
  [
    /(?:before|ahead of|in front of|preceding|prior to|precedes?) §|§ (?:is|should be|must be) preceded by|§ (?:needs?|requires?)(?=.*\bfirst\b)|(?=.*\bprepend).* to §|^precede §/i,
    "before",
  ],
];
const words = vocabulary(
  joints,
  "add|create|insert|put|new|append|prepend|needs?|requires?|want|like|have|squeeze|place|let|make|slot|set up|define|include|introduce|step|task|job|called|named|call|name|id|command|cmd|script|shell|line|run|runs|running|ran|execute[sd]?|executing|do|does|doing|that|which|whose|there|get|give|go|goes|come|comes|coming|happen|happens|happening|start|starts|started|between|in between|after|before|behind|ahead|front|in front|once|when|as soon as|following|follow|followed|preceded|precede|is|has|been|done|finished|finishes|complete|completed|completes|ends|over|through|successful|right|directly|immediately|just|another|extra|additional|using|prior|then|first|next|afterwards|but|still|can|could|simply|should be|called it|gets?|also|one|them|both|under|squeezed|inserted|added|placed|slotted|sits?|stands?|running from|here",
);

/** `lint should come after build and run "npm run lint"`: a quoted command, its place and its name, in whatever order. */
export const readLooseAdd: Reader = (clause) => {
  if (asksFirst(clause.text) || !/^[^«]*«\d+»[^«]*$/.test(clause.text)) return undefined;
  const { left, refs } = tally(clause);
  const line = /«\d+»/.exec(left)?.[0];
  const command = line === undefined ? undefined : literalOf(clause.phrase, line);
  if (command === undefined || refs.length > 2) return undefined;
  const place = places.find(([found]) => found.test(left))?.[1];
  const bare = left
    .replace(line ?? "", " ")
    .replace(/\s+/g, " ")
    .trim();
  const found = named.exec(bare)?.groups;
  const name = found?.name ?? found?.first ?? found?.own;
  // Where nothing says that it is to be added somewhere, it is about a step that is there.
  if (
    refs.length === 0
      ? name === undefined || !/\b(?:add|create|new|step|task|job|insert|set up|define)\b/i.test(bare)
      : place === undefined
  )
    return undefined;
  if ((place === "between") !== (refs.length === 2)) return undefined;
  const rest = name === undefined ? bare : bare.replace(new RegExp(`(?<![\\w-])${name}(?![\\w-])`), " ");
  if (!saysOnly(rest, words)) return undefined;
  const details: Details = { command: readCommand(command) };
  if (place !== undefined) details[place] = refs.join(" and ");
  return addSteps(clause, name ?? "a step", details);
};

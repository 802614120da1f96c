import { type Clause, newName, type Reader, textOf } from "./clause";
import { findNodes, listOf } from "./nodes";
import { match, pattern } from "./phrase";
import { agentName, takeDetails } from "./place";
import { call, decline, propose, type Reading } from "./reading";
import { numberWords, readCommand, readNumber } from "./values";

const types: Readonly<Record<string, string>> = {
  ...{ parallel: "parallel", p: "parallel", fan: "parallel", "fan-out": "parallel" },
  ...{ chained: "chained", chain: "chained", c: "chained", sequential: "chained", phased: "chained" },
  ...{
    fusion: "fusion",
    f: "fusion",
    orchestrated: "orchestrated",
    orchestrator: "orchestrated",
    b: "orchestrated",
  },
  ...{
    "long-autonomy": "long-autonomy",
    "long autonomy": "long-autonomy",
    "long-running": "long-autonomy",
    long: "long-autonomy",
    l: "long-autonomy",
    base: "base",
  },
};
const teams =
  /^(?:planner|orchestrator|manager|boss|coordinator|lead|leader|supervisor)s?(?:[- /+&]| and | with )*(?:workers?|executors?|helpers?|implementers?)$|^(?:orchestration|orchestrator)$/i;
const verb =
  "(?:apply|use|add|create|instantiate|insert|start(?: off| over| out)?(?: with| from)?|begin(?: with| from)?|set up|make|generate|put in|build|new|expand|include|give|drop in|put|go with|i want|load|take|pull in|bring in|base (?:it|this|everything) on|fill in|scaffold|bootstrap(?: from| with)?|import|lay out|initiali[sz]e(?: with| from)?|init(?: with| from)?|stamp out|run with)";
const kind = "(?:template|thread|pattern|workflow|layout|shape|skeleton|scaffold|blueprint|setup|structure)";
const more = "(?<rest>(?: (?:with|as|of|using|from|named|called|having)|,) .+)?";
const lead =
  "(?: me| us)?(?: in)? ?(?:(?:an? |the )?(?:new )?(?:workflow|sequence|pipeline|thread|run) (?:from|with|out of|based on|using) )?(?:an? |the |another |our )?(?:new )?";
const applying = [
  pattern(`${verb}${lead}(?:template|thread type|thread|pattern)[: ](?:called |named )?<type>${more}`),
  pattern(
    `${verb}${lead}<type>(?: |-)${kind}(?: here| to (?:this|the) (?:workspace|sequence|workflow|project))?${more}`,
  ),
  pattern(`(?:apply|instantiate)${lead}<type>${more}`),
  pattern(`${verb}${lead}<type>${more}`),
  pattern(`<type> template(?:,? (?:please|here))?${more}`),
  pattern(`(?:template|apply template) <type>${more}`),
];
// What sounds like a shape of its own, and is none of ours unless somebody has made it one.
const unknownShape =
  /\b(?:review(?:er|ing)?|feedback|critique|retry|refinement|reflection)[- ]loops?\b|\bmap[- ]?reduce\b/i;

function none({ world }: Clause, said: string): Reading {
  return decline(
    `There is no template '${said}'. There are ${world.templates.join(", ")}.`,
    "what templates are there",
    "apply the chained template with phases plan, build and check",
  );
}

function typeOf(said: string, known: readonly string[]): string | undefined {
  const name = said.replaceAll(" ", "-");
  if (known.includes(said) || known.includes(name)) return known.includes(said) ? said : name;
  return types[said] ?? (teams.test(said) ? "orchestrated" : undefined);
}

/** `apply the chained template with phases plan, build and check`; `add a fusion thread with 3 candidates`. */
export const readTemplate: Reader = (clause) => {
  const taken = takeDetails({ ...clause, text: clause.text });
  const text = taken?.head ?? clause.text;
  const shape = unknownShape.exec(clause.text)?.[0];
  if (shape !== undefined && !clause.world.templates.includes(shape.toLowerCase().replaceAll(" ", "-")))
    return none(clause, shape);
  const found = applying
    .map((one) => match([one], text))
    .find(
      (one) =>
        one?.type !== undefined &&
        typeOf(
          textOf(clause, one.type.replace(/[- ](?:template|thread|pattern)$/i, "")).toLowerCase(),
          clause.world.templates,
        ) !== undefined,
    );
  if (!taken) return undefined;
  if (!found?.type) {
    const wanted = match(applying.slice(0, 3), text)?.type;
    return wanted !== undefined && /\btemplate\b/i.test(text) ? none(clause, wanted) : undefined;
  }
  const said = textOf(clause, found.type.replace(/[- ](?:template|thread|pattern)$/i, "")).toLowerCase();
  const type = typeOf(said, clause.world.templates);
  // A bare name after `use` or `add` has to be a template's own, or a step is meant.
  if (type === undefined) return undefined;
  const input: Record<string, unknown> = { type };
  const { details } = taken;
  if (details.called !== undefined) input.id = newName(clause, details.called)?.id;
  if (details.command !== undefined) input.command = details.command;
  if (details.agent !== undefined) input.model = details.agent;
  if (details.before !== undefined || details.between !== undefined) return undefined;
  if (details.after !== undefined) {
    const needs = findNodes(clause.world, clause.phrase, details.after, "node");
    if (!needs.ok) return needs.reading;
    input.depends_on = needs.ids;
  }
  const rest = (found.rest ?? "").replace(/^[, ]+/, "");
  const bareNames = /^(?:with |of )(?!\d)((?:[\w«»-]+)(?:(?:, ?| and |, and )[\w«»-]+)+)$/i.exec(rest)?.[1];
  if (type === "chained" && bareNames !== undefined && !param.test(rest)) {
    input.phases = listOf(clause.world, bareNames).map((name) => textOf(clause, name));
    return propose([call("template.apply", input)]);
  }
  return readParams(clause, type, rest, input) ? propose([call("template.apply", input)]) : undefined;
};

const param = new RegExp(
  `^(?:and |with |of |having |using |from |, ?)*(?:(?<workers>${numberWords}) (?:workers?|branches|lanes)|(?<count>${numberWords}) (?:candidates?|attempts)|(?<phases>${numberWords}) phases|(?:the )?(?<list>phases|candidates)(?: named| called|:)? (?<names>.+)|(?:an? )?(?<merge>merge(?: step| at the end)?)|as (?<id>\\S+)|(?:the )?command (?<command>«\\d+»)|(?:model|agent) (?<model>\\S+))(?= and |,| with |$)`,
  "i",
);

/** What a sentence says about a template; false where something of it was not understood. */
function readParams(clause: Clause, _: string, said: string, input: Record<string, unknown>): boolean {
  for (let rest = said; rest !== ""; ) {
    const found = param.exec(rest);
    const groups = found?.groups;
    if (!found || !groups) return false;
    if (groups.workers) input.workers = readNumber(groups.workers);
    if (groups.count) input.candidates = readNumber(groups.count);
    if (groups.phases) input.phases = readNumber(groups.phases);
    if (groups.list && groups.names)
      input[groups.list.toLowerCase()] = listOf(clause.world, groups.names).map((name) =>
        textOf(clause, name),
      );
    if (groups.merge) input.merge = true;
    if (groups.id) input.id = newName(clause, groups.id)?.id;
    if (groups.command) input.command = readCommand(textOf(clause, groups.command));
    if (groups.model) input.model = agentName(textOf(clause, groups.model));
    rest = rest
      .slice(found[0].length)
      .replace(/^(?: and|,)+/, "")
      .trim();
  }
  return true;
}

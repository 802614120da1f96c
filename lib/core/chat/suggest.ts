import { freeId } from "./clause";
import type { Reading, World } from "./reading";

/** What can always be said. */
const plain = ["what can I say", "status", 'add a step lint after <step> with command "npm run lint"'];

/** A refusal that names what can be said instead, about the steps and gates that there are; other readings as they are. */
export function withSuggestions(read: Reading, world: World): Reading {
  if (read.kind !== "refusal") return read;
  const tries = read.try.length > 0 ? read.try : plain;
  const said = [...new Set(tries.map((text) => athome(text, world)))];
  // What there is no step for yet is left out where something else can be said.
  const sayable = said.filter((text) => !text.includes("<step>"));
  return { ...read, try: sayable.length > 0 ? sayable : said };
}

/** `<step>`, `<gate>` and `<new>` as ids of this sequence; where there are none they stay. */
function athome(text: string, world: World): string {
  const steps = world.steps.map(({ id }) => id);
  const gates = world.gates.map(({ id }) => id);
  let step = 0;
  // After a step that there is not yet, something goes at the end.
  const said =
    steps.length > 0 ? text : text.replace(/(?<=^add a step .*) (?:after|before|behind) <step>/, "");
  const free = said.replace(/(?<=\badd a step )(?!with )[\w-]+/, (name) => freeId(world, name));
  return free.replace(/<(step|gate|new)>/g, (whole, what: string) => {
    if (what === "new") return freeId(world, `${steps[0] ?? "step"}-2`.slice(-60));
    return (what === "gate" ? gates[0] : steps[step++]) ?? whole;
  });
}

import { findAction } from "../../lib/core/actions";
import type { Failure } from "../../lib/core/failure";
import { renderFailure } from "../../lib/core/failure-table";
import type { Json } from "../../lib/core/json";
import { err } from "../../lib/core/result";
import type { Sequence } from "../../lib/core/sequence/schema";
import { judgeValue } from "../../lib/core/sequence/validate";
import type { Call } from "../state/call";
import type { Fault } from "./fault";

/** More than a form shows at once; a file may have any number. */
const most = 200;

const sources = {
  templates: {
    names: () => [],
    read: (name: string) => err({ code: "template.unknown", type: name } as const),
  },
};

/**
 * What core would have against an edit, by the field that it is about: all at once, beside what each is about. Nothing
 * where core refuses for a reason of another kind, which the door then says.
 */
export function judgeEdit(sequence: Sequence, { action: name, input }: Call): Record<string, Fault[]> {
  const action = findAction(name);
  const parsed = action?.input.safeParse(input);
  if (action?.effect.kind !== "edit" || !parsed?.success) return {};
  const next = action.effect.apply(sequence, parsed.data, sources);
  if (!next.ok) return {};
  const paths: (readonly (string | number)[])[] = [];
  // A place in no text: its line is the number of the path that was asked for.
  const { faults } = judgeValue(next.value as unknown as Json, most, (path) => ({
    file: "",
    line: paths.push(path) - 1,
    column: 1,
  }));
  const found: Record<string, Fault[]> = {};
  for (const failure of faults) {
    const at = withinNode(next.value, paths[failure.place?.line ?? -1] ?? [], input.id);
    const [key, ...part] = at ?? [];
    if (key === undefined) continue;
    const said = sentenceOf(failure);
    found[key] = [...(found[key] ?? []), { at: part.map(String), said, short: said }];
  }
  return found;
}

/** The place within what a form is about: a step, a gate, or the sequence itself. */
function withinNode(
  sequence: Sequence,
  path: readonly (string | number)[],
  id: Json | undefined,
): readonly (string | number)[] | undefined {
  const [list, index, ...rest] = path;
  if (list !== "steps" && list !== "gates") return id === undefined ? path : undefined;
  return sequence[list]?.[Number(index)]?.id === id ? rest : undefined;
}

/** Problems that begin with a verb are said of the field. */
const verb = /^(?:must|can't|says|has|needs|makes|holds|is|names|takes|refers)\b/;

function sentenceOf(failure: Failure): string {
  const { message, hint } = renderFailure(failure);
  const problem = failure.code === "sequence.invalid" ? failure.problem : message;
  return [verb.test(problem) ? `it ${problem}` : problem, hint]
    .flatMap((text) => (text ? sentence(text) : []))
    .join(" ");
}

const sentence = (text: string) =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? "" : "."}`;

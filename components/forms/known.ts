import { nearest } from "../../lib/core/nearest";

/** Why a list of nodes can't be as it was filled in: one that there is not, or that can't stand there; undefined if it can. */
export function faultOfNodes(
  chosen: readonly string[],
  known: readonly string[],
  barred?: ReadonlySet<string>,
): string | undefined {
  const unknown = chosen.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    const near = nearest(
      unknown,
      known.filter((id) => !chosen.includes(id) && !barred?.has(id)),
    );
    return `There is no step or gate '${unknown}'.${near === undefined ? "" : ` Did you mean '${near}'?`}`;
  }
  const late = chosen.find((id) => barred?.has(id));
  return late === undefined ? undefined : `'${late}' can't stand here: it is this one, or comes after it.`;
}

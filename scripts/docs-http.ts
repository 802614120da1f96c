import type { Flag } from "../lib/surfaces/cli/flags";
import { actionsAt, nounNames, viewsAt } from "../lib/surfaces/http/addresses";

/** Where an action is reached over HTTP. */
export interface Address {
  path: string;
  /** What `action` says in the body; undefined where the address says it all. */
  verb: string | undefined;
  /** Input keys that address and `action` say already. */
  spokenFor: string[];
}

/** The shortest way to an action: an address that says it all comes first. */
export function addressOfAction(name: string): Address {
  const ways = nounNames.flatMap((noun) =>
    actionsAt(noun).flatMap(({ action, said }) =>
      action.name === name ? [{ path: `/api/${noun}`, said }] : [],
    ),
  );
  const way = ways.find(({ said }) => said === undefined) ?? ways[0];
  if (!way) throw new Error(`no address leads to the action '${name}'`);
  const { path, said } = way;
  if (said && "scope" in said) return { path, verb: "all|runnable|step|group", spokenFor: ["scope"] };
  return { path, verb: said?.verb, spokenFor: [] };
}

/** Where a view is asked over HTTP, with the keys it can't do without; undefined where only the command line has it. */
export function addressOfView(name: string, flags: readonly Flag[]): string | undefined {
  for (const noun of nounNames) {
    const asked = viewsAt(noun).find(({ view }) => view.name === name);
    if (!asked) continue;
    const { verb, given, inPath } = asked;
    const path = ["/api", noun, ...inPath.map((key) => `<${key}>`)].join("/");
    const needed = flags.filter(
      ({ key, required }) => (required || given.includes(key)) && !inPath.includes(key),
    );
    const query = [
      ...(verb === undefined ? [] : [`view=${verb}`]),
      ...needed.map(({ key }) => `${key}=<${key}>`),
    ];
    return query.length > 0 ? `${path}?${query.join("&")}` : path;
  }
  return undefined;
}

import type { Flag } from "../lib/surfaces/cli/flags";
import { type Noun, type NounName, nouns, readCall, readQuestion } from "../lib/surfaces/http/nouns";

const names = Object.keys(nouns) as NounName[];

/** Addresses that carry parameters in their path. */
const paths: Partial<Record<NounName, { path: string; carries: string[] }>> = {
  runs: { path: "/api/runs/<run>/<step>", carries: ["run", "step"] },
};

/** Where an action is reached over HTTP. */
export interface Address {
  path: string;
  /** What `action` says in the body; undefined where the address says it all. */
  verb: string | undefined;
  /** Input keys that address and `action` say already. */
  spokenFor: string[];
}

/** The shortest way to an action, asked of the API's own reading of a body. */
export function addressOfAction(name: string): Address {
  const [own = "", verb = ""] = name.split(".");
  const reaches = (noun: NounName, body: Record<string, string>) => {
    const call = readCall(noun, body);
    return call.ok && call.value.action === name;
  };
  const fixed = names.find((noun) => typeof (nouns[noun] as Noun).post === "object" && reaches(noun, {}));
  if (fixed) return { path: `/api/${fixed}`, verb: undefined, spokenFor: [] };
  if (name === "run.start" && reaches("run", { action: "all" }))
    return { path: "/api/run", verb: "all|runnable|step|group", spokenFor: ["scope"] };
  if (names.includes(own as NounName) && reaches(own as NounName, { action: verb }))
    return { path: `/api/${own}`, verb, spokenFor: [] };
  throw new Error(`no address leads to the action '${name}'`);
}

/** Where a view is asked over HTTP, with the keys it can't do without. */
export function addressOfView(name: string, flags: readonly Flag[]): string {
  for (const noun of names) {
    if (!("view" in nouns[noun])) continue;
    for (const query of ["", "name=x", `view=${name.split(".")[1]}`]) {
      const question = readQuestion(noun, new URLSearchParams(query), {});
      if (!question.ok || question.value.view !== name) continue;
      const { path, carries } = paths[noun] ?? { path: `/api/${noun}`, carries: [] };
      const needed = flags.filter((flag) => flag.required && !carries.includes(flag.key));
      const parts = [
        ...(query.startsWith("view=") ? [query] : []),
        ...needed.map(({ key }) => `${key}=<${key}>`),
      ];
      return parts.length > 0 ? `${path}?${parts.join("&")}` : path;
    }
  }
  throw new Error(`no address leads to the view '${name}'`);
}

import type { Flag } from "../lib/surfaces/cli/flags";
import { type Noun, type NounName, nouns, readCall, readQuestion } from "../lib/surfaces/http/nouns";
import { probes } from "../lib/surfaces/http/openapi-parts";

const names = Object.keys(nouns) as NounName[];

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

/** Where a view is asked over HTTP, with the keys it can't do without; undefined where only the command line has it. */
export function addressOfView(name: string, flags: readonly Flag[]): string | undefined {
  const verb = { view: name.split(".")[1] ?? "" };
  for (const noun of names.filter((each) => "view" in nouns[each])) {
    for (const probe of [...probes, verb]) {
      const question = readQuestion(noun, new URLSearchParams(probe), {});
      if (!question.ok || question.value.view !== name) continue;
      const carries = noun === "runs" ? ["run", "step"].filter((key) => key in probe) : [];
      const path = ["/api", noun, ...carries.map((key) => `<${key}>`)].join("/");
      const asked = flags.filter(
        (flag) => (flag.required || flag.key in probe) && !carries.includes(flag.key),
      );
      const parts = [
        ...(probe === verb ? [`view=${verb.view}`] : []),
        ...asked.map(({ key }) => `${key}=<${key}>`),
      ];
      return parts.length > 0 ? `${path}?${parts.join("&")}` : path;
    }
  }
  return undefined;
}

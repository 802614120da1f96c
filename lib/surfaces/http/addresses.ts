import { type AnyAction, actions } from "../../core/actions";
import { type View, views } from "../../core/views/view";
import { type Noun, type NounName, nouns, readCall, readQuestion } from "./nouns";

/** All addresses of the registry, below /api/. */
export const nounNames = Object.keys(nouns) as NounName[];

/** A view as one address answers it. */
export interface AskedView {
  view: View;
  /** Said by `?view=`. */
  verb: string | undefined;
  /** Keys by which the address tells it from its other views; what else it needs, its input says. */
  given: string[];
  /** Those of them that stand in the path. */
  inPath: string[];
}

/** Inputs that tell the views of one address apart; those of `runs` stand in its path. */
const probes: Record<string, string>[] = [
  {},
  { name: "x" },
  { type: "x" },
  { id: "x" },
  { run: "x" },
  { run: "x", step: "x" },
  { run: "x", step: "x", name: "x" },
];

/** The views an address answers, found by asking its own reading of a query. */
export function viewsAt(noun: NounName): AskedView[] {
  if ((nouns[noun] as Noun).view === undefined) return [];
  return (views as readonly View[]).flatMap((view): AskedView[] => {
    const leads = (query: Record<string, string>) => {
      const read = readQuestion(noun, new URLSearchParams(query), {});
      return read.ok && read.value.view === view.name;
    };
    const probe = probes.find(leads);
    if (probe) {
      const inPath = noun === "runs" && "step" in probe ? ["run", "step"] : [];
      return [{ view, verb: undefined, given: Object.keys(probe), inPath }];
    }
    const [, verb = ""] = view.name.split(".");
    return leads({ view: verb }) ? [{ view, verb, given: [], inPath: [] }] : [];
  });
}

/** An action as one address carries it out. */
export interface ReachedAction {
  action: AnyAction;
  /** What `action` says in the body; undefined where the address says it all, a scope where it is one of those. */
  said: { verb: string } | { scope: true } | undefined;
}

/** The actions an address carries out, found by asking its own reading of a body. */
export function actionsAt(noun: NounName): ReachedAction[] {
  const { post } = nouns[noun] as Noun;
  if (post === undefined) return [];
  return (actions as unknown as readonly AnyAction[]).flatMap((action): ReachedAction[] => {
    if (typeof post === "object") return post.action === action.name ? [{ action, said: undefined }] : [];
    if (post === "scope" && action.name === "run.start") return [{ action, said: { scope: true } }];
    const [, verb = ""] = action.name.split(".");
    const read = readCall(noun, { action: verb });
    return read.ok && read.value.action === action.name ? [{ action, said: { verb } }] : [];
  });
}

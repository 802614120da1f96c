import { z } from "zod";
import type { Exhibit, StartNews } from "../engine/exhibit";
import type { Fact } from "../engine/fact";
import type { Plan } from "../engine/plan";
import type { Run } from "../engine/run";
import type { Layout } from "../layout";
import type { Risk } from "../policy/decide";
import type { PolicyFile } from "../policy/policy";
import type { Result } from "../result";
import type { Sequence } from "../sequence/schema";
import type { TemplateTexts } from "../templates";

/** The run an engine action speaks to. */
export interface RunContext {
  plan: Plan;
  /** The newest run; an empty one if there is none yet. */
  run: Run;
  /** Whether the newest run can still go on. */
  open: boolean;
  /** The newest run was given up; `run` is an empty one then. */
  isGivenUp?: boolean;
  actor: string;
  /** All that a gate shows this moment, which an approval is bound to. */
  exhibit?: (gate: string) => Exhibit;
}

/** What an engine action asks to be recorded. */
export interface Request {
  facts: Fact[];
  /** Steps the caller waits for; null for everything. */
  pursued: string[] | null;
  /** Ids of the steps this may start, for policy and for the question to the person. */
  starts: string[];
  /** Ids of the steps that were asked for before and start by it: nobody is asked about those again, only told. */
  unlocks?: string[];
  /** How these differ from what the approval that fell was given for. */
  news?: ReadonlyMap<string, StartNews>;
  /** Open a new run for it. */
  fresh?: boolean;
  /** What the person looks at when they say yes. */
  exhibit?: Exhibit;
  /** Said to the person when there is nothing to do, or nothing new. */
  note?: string;
  /** All of it is under way, or waits and was asked for before. */
  startsNothing?: boolean;
}

/** The key of an edit's input that says which revision it was made from. */
export const Base = z
  .string()
  .optional()
  .describe("digest of the revision that it was made from; refused where another stands by now");

/** What an edit may draw on besides the sequence. */
export interface Sources {
  templates: TemplateTexts;
}

/** What an action does once it is allowed. */
type ActionEffect<I> =
  /** Changes the definition. */
  | {
      kind: "edit";
      apply: (sequence: Sequence, input: I, sources: Sources) => Result<Sequence>;
      /** Digests of the revisions that parts of the input were made from; refused where another stands by now. */
      bases?: (input: I) => readonly (string | undefined)[];
      /** It changes the sequence's own rules: where they hold less tightly afterwards, a person is asked as about any rule. */
      isAboutRules?: true;
    }
  /** Appends facts to the run. */
  | { kind: "engine"; request: (context: RunContext, input: I) => Result<Request> }
  /** Replaces the text of the definition as it stands, comments and all. */
  | { kind: "text"; write: (input: I) => { text: string; base?: string | undefined } }
  /** Changes policy.yaml. */
  | { kind: "policy"; apply: (policy: PolicyFile, input: I) => Result<PolicyFile> }
  /** Writes a step's prompt file. */
  | { kind: "prompt"; edit: (input: I) => { id: string; text: string; base?: string | undefined } }
  /** Moves what stands on the canvas; no record is kept of it. */
  | { kind: "layout"; apply: (layout: Layout, input: I) => Layout }
  /** Brings the changes of a fusion's candidate into the workspace. */
  | { kind: "pick"; candidate: (input: I) => string }
  /** Removes worktrees that nothing needs; with `all` those too that something might. */
  | { kind: "worktrees"; all: (input: I) => boolean }
  /** Restores a recorded revision of the definition. */
  | { kind: "history"; direction: "undo" | "redo"; any: (input: I) => boolean }
  /** Applies what waited for a person, or turns it down. */
  | { kind: "proposal"; decision: "approve" | "reject"; id: (input: I) => string };

/** One thing that can be done, defined once for every surface. */
export interface Action<I = never> {
  /** `noun.verb`; wire API. */
  name: string;
  title: string;
  risk: Risk | ((input: I) => Risk);
  input: z.ZodType<I>;
  /** Names of the actions that it is made of; rules about those hold for it too. */
  within?: (input: I) => string[];
  /** Keys of the input given without a flag on a command line, in order. */
  positional?: readonly (keyof I & string)[];
  /** What it would do, in the imperative. */
  summary: (input: I) => string;
  /** The id of the node it is about. */
  target?: (input: I) => string;
  effect: ActionEffect<I>;
}

/** Types an action's parts against its schema. */
export function defineAction<I>(action: Action<I>): Action<I> {
  return action;
}

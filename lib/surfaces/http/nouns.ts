import type { Json } from "../../core/json";
import { err, ok, type Result } from "../../core/result";
import { refuse } from "./refusal";
import type { CallOptions } from "./visit";

/** What one address of the API says in terms of actions and views. */
export interface Noun {
  /** The view that GET shows; `?view=verify` names another of the same noun. */
  view?: string | ((input: Input) => string);
  /** Where POST's action comes from: `<noun>.<verb>` of the body, one fixed action, or the parts of a run. */
  post?: "verb" | "scope" | { action: string };
}

type Input = Record<string, unknown>;

/** Everything the API answers to, below /api/. */
export const nouns = {
  agents: { view: "agents.list" },
  audit: { view: "audit.read" },
  dep: { post: "verb" },
  engine: { view: "engine.status" },
  events: { view: "events" },
  fusion: { view: "fusion.compare", post: "verb" },
  gate: { view: (input) => ("id" in input ? "gate.show" : "gate.list"), post: "verb" },
  group: { view: "group.list", post: "verb" },
  inbox: { view: "inbox" },
  layout: { view: "layout", post: "verb" },
  logs: { view: "logs" },
  policy: { view: "policy.show", post: "verb" },
  prompt: { view: "prompt", post: "verb" },
  proposal: { post: "verb" },
  restart: { post: { action: "step.restart" } },
  run: { post: "scope" },
  runs: {
    view: (input) => {
      if ("step" in input) return "name" in input ? "artifact" : "artifacts";
      return "run" in input ? "runs.show" : "runs.list";
    },
  },
  sequence: { view: "sequence", post: "verb" },
  status: { view: "status" },
  step: { view: "step", post: "verb" },
  stop: { post: { action: "run.stop" } },
  template: { view: (input) => ("type" in input ? "template.show" : "template.list"), post: "verb" },
  why: { view: "why" },
  worktree: { view: "worktree.list", post: "verb" },
} as const satisfies Record<string, Noun>;

/** An address of the API. */
export type NounName = keyof typeof nouns;

/** An action as the door takes it, with what the person answered. */
export interface Call {
  action: string;
  input: unknown;
  options: CallOptions;
}

const SCOPES = new Set<unknown>(["all", "runnable", "step", "group"]);

/** Reads the body of a POST: everything but `action`, `confirm` and `dry_run` is the action's input. */
export function readCall(name: NounName, body: Record<string, Json>): Result<Call> {
  const noun: Noun = nouns[name];
  const { confirm, dry_run: dryRun, ...rest } = body;
  if (confirm !== undefined && typeof confirm !== "string")
    return err(refuse(400, "'confirm' must be a text"));
  if (dryRun !== undefined && typeof dryRun !== "boolean")
    return err(refuse(400, "'dry_run' must be true or false"));
  const options = {
    ...(confirm === undefined ? {} : { confirm }),
    ...(dryRun === undefined ? {} : { dryRun }),
  };
  if (typeof noun.post === "object") return ok({ action: noun.post.action, input: rest, options });
  const { action: verb, ...input } = rest;
  if (typeof verb !== "string") return err(refuse(400, `'action' is missing: {"action": "<verb>", …}`));
  if (noun.post === "scope" && SCOPES.has(verb)) {
    return ok({ action: "run.start", input: { ...input, scope: verb }, options });
  }
  return ok({ action: `${name}.${verb}`, input, options });
}

/** A question as the views take it. */
export interface Question {
  view: string;
  input: Input;
}

const INTEGERS = new Set(["after", "attempt", "before", "from", "limit", "n", "offset"]);
const SWITCHES = new Set(["match_case", "pattern", "refused"]);

/** Reads a GET's query and path parameters. */
export function readQuestion(name: NounName, query: URLSearchParams, parameters: Input): Result<Question> {
  const noun: Noun = nouns[name];
  const input: Input = {};
  for (const [key, value] of query) {
    if (Object.hasOwn(input, key) || Object.hasOwn(parameters, key))
      return err(refuse(400, `'${key}' is given twice`));
    // A number that is none stays text: the view's own schema then says what is wrong with it.
    if (INTEGERS.has(key) && /^-?\d{1,15}$/.test(value)) input[key] = Number(value);
    else input[key] = SWITCHES.has(key) && /^(?:true|false)$/.test(value) ? value === "true" : value;
  }
  const { view, ...rest } = { ...input, ...parameters };
  if (view !== undefined) return ok({ view: `${name}.${view}`, input: rest });
  return ok({ view: typeof noun.view === "function" ? noun.view(rest) : (noun.view ?? name), input: rest });
}

/** The methods an address answers to. */
export function methodsOf(name: NounName): string[] {
  const noun: Noun = nouns[name];
  return [...(noun.view ? ["GET"] : []), ...(noun.post ? ["POST"] : [])];
}

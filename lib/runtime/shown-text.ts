import { scrubJson } from "../core/audit/scrub";
import type { Json } from "../core/json";
import { ok, type Result } from "../core/result";
import { shownSource } from "../core/sequence/shown-source";
import type { Ports } from "./ports";
import { query } from "./query";

const views = new Set(["sequence", "sequence.text"]);

/** Answers a question of an agent: the definition is told without its secrets. What it sends back with `•••` in it is refused by the door. */
export async function queryForAgent(ports: Ports, view: string, input: unknown): Promise<Result<unknown>> {
  const answer = await query(ports, view, input);
  if (!answer.ok || !views.has(view)) return answer;
  const { text, ...rest } = withoutSecrets(view, answer.value, ports.knownSecrets()) as { text: string };
  // The text has been gone through already, by what its values are.
  return ok({
    ...(scrubJson(JSON.parse(JSON.stringify(rest)) as Json, ports.knownSecrets()) as object),
    text,
  });
}

/** The same for any caller: what asks from within a step's attempt is that step's. */
export function queryFor(
  ports: Ports,
  view: string,
  input: unknown,
  isAgent: boolean,
): Promise<Result<unknown>> {
  const isStep = !isAgent && views.has(view) && ports.enclosingStep() !== undefined;
  return isAgent || isStep ? queryForAgent(ports, view, input) : query(ports, view, input);
}

/** The text of the definition is data too: what its values are says which of them are secrets. */
export function withoutSecrets(view: string | undefined, answer: unknown, known: readonly string[]): unknown {
  const { text } = answer as { text?: unknown };
  return view !== undefined && views.has(view) && typeof text === "string"
    ? { ...(answer as object), text: shownSource(text, known) }
    : answer;
}

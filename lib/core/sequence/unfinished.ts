import { hasNothingToRun } from "./effective";
import type { Sequence, Step } from "./schema";

/** The line that gives a step a command. */
export const lineToGive = (id: string) => `seqctl step edit ${id} --command '["npm","test"]'`;

/** A command that only says what is to be put in its place. */
export const placeholderCommand = (id: string) => ["echo", `${id}: put the real command here`];

/** Whether the step's command is such a placeholder, a copied step's too. */
function isPlaceholder({ command }: Step): boolean {
  const [program, said = "", ...more] = Array.isArray(command) ? command : [];
  return program === "echo" && more.length === 0 && said.endsWith(placeholderCommand("")[1] as string);
}

/** What a sequence still lacks before it does something, a sentence each; what is lacking in `before` is known already. */
export function warningsOfUnfinished(sequence: Sequence, before?: Sequence): string[] {
  const found = (what: (of: Sequence, step: Step) => boolean) => {
    const idsIn = (of: Sequence) => (of.steps ?? []).filter((step) => what(of, step)).map(({ id }) => id);
    const known = new Set(before ? idsIn(before) : []);
    return idsIn(sequence).filter((id) => !known.has(id));
  };
  const empty = found(hasNothingToRun);
  const standIns = found((_, step) => isPlaceholder(step));
  return [
    ...said(empty, "has nothing to run yet", "have nothing to run yet", "it a command"),
    ...said(standIns, "only prints a placeholder", "only print a placeholder", "it its own command"),
  ];
}

function said(ids: readonly string[], one: string, several: string, what: string): string[] {
  const [first, ...others] = ids;
  if (first === undefined) return [];
  const line = lineToGive(first);
  if (others.length === 0) return [`step '${first}' ${one}; give ${what}: ${line}`];
  const named = ids.slice(0, 8).map((id) => `'${id}'`);
  const more = ids.length > named.length ? ` and ${ids.length - named.length} more` : "";
  return [`the steps ${named.join(", ")}${more} ${several}; give ${what.replace(/^it/, "each")}: ${line}`];
}

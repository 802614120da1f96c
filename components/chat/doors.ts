/** What a person decides at a place of its own on the page, and not by words: a gate, or what else waits in the inbox. */
export type Door = { label: string; gate: string } | { label: string; gate: null };

const yes = /^seqctl (?:gate )?approve (?<id>[\w-]+)(?= |$)/;
const decides = /^seqctl (?:.* )?(?:approve|reject|block)(?= |$)/;

/** The place where something that can be said is decided; undefined of what is only to be said. */
export function doorOf(wish: string, gates: readonly string[]): Door | undefined {
  const id = yes.exec(wish)?.groups?.id;
  if (id !== undefined && gates.includes(id)) return { label: `Open the gate ${id}`, gate: id };
  // Said here, a proposal's decision would only be turned down again.
  const isOfProposal = decides.test(wish) && !wish.startsWith("seqctl gate ");
  return isOfProposal ? { label: "Open the inbox", gate: null } : undefined;
}

import type { Draft } from "./adding";

/** What was typed for a new node, as far as it differs from what the form begins with. */
export interface Kept extends Partial<Omit<Draft, "kind" | "needs">> {
  /** What it waits for by now, instead of what the form began with. */
  needs?: { first: string[]; now: string[] };
}

/** Nothing typed. */
export const nothingKept: Kept = {};

const empty = { name: "", id: "", model: "shell", command: "", prompt: "", sequence: "" };

/** The draft of a form that begins with these needs, with all that was typed; other needs belong to where they were chosen. */
export function draftWith(kind: Draft["kind"], first: string[], { needs, ...typed }: Kept): Draft {
  const chosen = needs?.first.join() === first.join() ? needs.now : first;
  return { ...empty, ...typed, kind, needs: chosen };
}

/** What is kept once this is changed, too. */
export function keeping(kept: Kept, { kind: _, needs, ...change }: Partial<Draft>, first: string[]): Kept {
  const { needs: before, ...typed } = kept;
  const texts = Object.entries({ ...typed, ...change }).filter(
    ([key, text]) => text !== empty[key as keyof typeof empty],
  );
  const chosen = needs === undefined ? before : { first, now: needs };
  const isChosen = chosen !== undefined && chosen.now.join() !== chosen.first.join();
  return { ...Object.fromEntries(texts), ...(isChosen ? { needs: chosen } : {}) };
}

/** What is typed into the fields of an action's form, by key. */
export type Texts = Readonly<Record<string, string>>;

/** What is kept once this field holds that text: only what differs from what the form begins with. */
export function keepingText(kept: Texts, first: Texts, key: string, text: string): Texts {
  const { [key]: _, ...others } = kept;
  return text === (first[key] ?? "") ? others : { ...others, [key]: text };
}

import { saidOn } from "../../lib/core/chat/said-on";
import type { ChatRecord, DraftCall, Effect } from "./wire";

/**
 * What became of a proposal; `replaced` is one of which a part, or the same on another base, was applied, `made` one that
 * was made by hand, and of one settled `elsewhere` the page has not been told more.
 */
export type Decision = "approved" | "rejected" | "replaced" | "made" | "elsewhere";

/** Why something did not come about. */
export interface Trouble {
  message: string;
  hint: string | undefined;
}

/** What was proposed in an answer. */
export interface Offer {
  /** null where nothing came of it. */
  proposal: string | null;
  calls: DraftCall[];
  failed: Trouble | undefined;
  effect: Effect | undefined;
  decision: Decision | undefined;
  /** What was applied, where that is not what it was made as. */
  applied: Applied | undefined;
}

/** What was applied of a proposal: what that changed, and which of its actions they were. */
export type Applied = Pick<Effect, "unified" | "changes"> & { actions: number[] };

/** One question with its answer, as far as it has come. */
export interface Turn {
  n: number;
  question: string;
  words: string;
  offer: Offer | undefined;
  trouble: Trouble | undefined;
  /** What was proposed on the way and refused. */
  refused: { summary: string; message: string }[];
  /** Who answered, once the answer is over. */
  end: { by: string; tokens: number; costUsd: number | null; tainted: boolean } | undefined;
}

/** Whether the answer is still to come, or coming. */
export const isOpen = ({ end, trouble }: Turn) => end === undefined && trouble === undefined;

/** Whether an answer is over without a word, and nothing else came of it. */
export const isEmpty = ({ words, offer, trouble, refused, end }: Turn) =>
  end !== undefined && words.trim() === "" && !offer && !trouble && refused.length === 0;

/** What an answer without a model says can be said instead, apart from its other words; nothing of what a model says. */
export function triesOf({ words, end }: Turn): { words: string; tries: string[] } {
  const found = end?.by === "offline" ? /(?:^|\n)Try:\n((?:- .+(?:\n|$))+)$/.exec(words.trimEnd()) : null;
  if (!found) return { words, tries: [] };
  const tries = (found[1] ?? "").trimEnd().split("\n");
  return { words: words.slice(0, found.index), tries: tries.map((line) => line.slice(2)) };
}

/** A conversation as questions and answers. */
export function turnsOf(records: readonly ChatRecord[]): Turn[] {
  const turns: Turn[] = [];
  for (const { n, type, data } of records) {
    if (type === "asked") {
      const question = String(data.text);
      turns.push({
        n,
        question,
        words: "",
        offer: undefined,
        trouble: undefined,
        refused: [],
        end: undefined,
      });
      continue;
    }
    const turn = turns.at(-1);
    if (turn) take(turn, type, data);
  }
  return turns;
}

function take(turn: Turn, type: ChatRecord["type"], data: ChatRecord["data"]): void {
  if (Array.isArray(data.refused)) turn.refused = data.refused as unknown as Turn["refused"];
  if (type === "message") turn.words = saidOn(turn.words, data);
  else if (type === "actions")
    turn.offer = {
      proposal: typeof data.proposal === "string" ? data.proposal : null,
      calls: data.calls as unknown as DraftCall[],
      failed: troubleOf(data.failed),
      effect: undefined,
      decision: (data.decision ?? undefined) as Decision | undefined,
      applied: (data.applied ?? undefined) as Applied | undefined,
    };
  else if (type === "diff" && turn.offer)
    turn.offer.effect = { ...(data as unknown as Effect), ...turn.offer.applied };
  else if (type === "error") turn.trouble = troubleOf(data);
  else if (type === "done") {
    turn.end = {
      by: [data.provider, data.model].filter((word) => typeof word === "string").join(" · "),
      tokens: countOf(data.tokens),
      costUsd: typeof data.cost_usd === "number" ? data.cost_usd : null,
      tainted: data.tainted === true,
    };
    // Where nothing had to be asked it was applied at once; a refusal of that is told in place of it.
    if (turn.offer && (data.applied === true || typeof data.applied === "number"))
      turn.offer.decision ??= "approved";
    else if (turn.offer) turn.offer.failed ??= troubleOf(data.applied);
  }
}

function troubleOf(said: unknown): Trouble | undefined {
  if (typeof said !== "object" || said === null || !("message" in said)) return undefined;
  const { message, hint } = said as { message: unknown; hint?: unknown };
  return { message: String(message), hint: typeof hint === "string" ? hint : undefined };
}

function countOf(tokens: unknown): number {
  if (typeof tokens !== "object" || tokens === null) return 0;
  return Object.values(tokens).reduce((sum: number, one) => sum + (typeof one === "number" ? one : 0), 0);
}

/** The records with what came in addition; pieces of text that follow one another become one, so that none grows long. */
export function joined(records: readonly ChatRecord[], fresh: readonly ChatRecord[]): ChatRecord[] {
  const all = [...records];
  for (const record of fresh) {
    const last = all.at(-1);
    if (last && record.n <= last.n) continue;
    if (last?.type === "message" && record.type === "message")
      all[all.length - 1] = {
        ...record,
        data: { ...last.data, text: saidOn(String(last.data.text), record.data) },
      };
    else all.push(record);
  }
  return all;
}

/** The records as the server has them; the same object where nothing is new. What was decided here a moment ago stands. */
export function caughtUp(records: ChatRecord[], shown: readonly ChatRecord[]): ChatRecord[] {
  const decided = new Map(decisionsIn(records).map(([proposal, decision]) => [proposal, decision]));
  const fresh = joined([], shown).map((record) => {
    const { proposal, decision } = record.data;
    const known = decided.get(proposal);
    return record.type === "actions" && (decision ?? null) === null && known !== undefined
      ? { ...record, data: { ...record.data, decision: known } }
      : record;
  });
  const [known, told] = [records.at(-1)?.n ?? 0, fresh.at(-1)?.n ?? 0];
  // What was asked for earlier and comes later takes nothing away.
  if (told < known) return records;
  const isSame =
    told === known && JSON.stringify(decisionsIn(fresh)) === JSON.stringify(decisionsIn(records));
  return isSame ? records : fresh;
}

const decisionsIn = (records: readonly ChatRecord[]) =>
  records.flatMap(({ type, data }) =>
    type === "actions" && (data.decision ?? null) !== null
      ? [[data.proposal, data.decision, data.applied ?? null] as const]
      : [],
  );

/** The records after a proposal was decided about here. */
export function decidedIn(
  records: readonly ChatRecord[],
  proposal: string,
  decision: Decision,
): ChatRecord[] {
  return records.map((record) =>
    record.type === "actions" && record.data.proposal === proposal
      ? { ...record, data: { ...record.data, decision } }
      : record,
  );
}

import type { Json } from "../../lib/core/json";
import type { AskedAbout } from "../../lib/core/policy/asked";

/** One thing to be done, as every surface names it: an action and its input. */
export interface Call {
  action: string;
  input: { [key: string]: Json };
}

/** What the door answers to a call that went through. */
export interface Done {
  summary: string;
  changed: boolean;
  before?: string;
  after?: string;
  run?: string;
  note?: string;
  /** Gates whose approval does not hold on what it leaves. */
  voids?: string[];
  /** The steps that it is about; null for all. */
  pursued?: string[] | null;
  /** What it asks for was under way or waiting already. */
  starts_nothing?: true;
  warnings: string[];
}

/** What has to be agreed to first, exactly as it would be done. */
export interface Question {
  summary: string;
  times: 1 | 2;
  why: string;
  shows: string[];
  confirm: string;
  /** What is otherwise than when it was proposed. */
  changed?: string[];
  /** The same, part by part; what the page itself asks about has none. */
  about?: AskedAbout;
  /** What the button says that agrees, where that is not to be told from the rest. */
  act?: string;
  /** What the lines of `shows` are, where they are not what would be started. */
  shownAs?: string;
  /** Something is lost that nothing brings back. */
  isGrave?: boolean;
}

/** Several edits as the one call that carries them out. */
export function asOne(calls: readonly Call[]): Call {
  const [only] = calls;
  if (only && calls.length === 1) return only;
  return {
    action: "sequence.change",
    input: { calls: calls.map(({ action, input }) => ({ action, input })) },
  };
}

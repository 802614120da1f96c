import type { Json } from "../../lib/core/json";

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
  warnings: string[];
}

/** What has to be agreed to first, exactly as it would be done. */
export interface Question {
  summary: string;
  times: 1 | 2;
  why: string;
  shows: string[];
  confirm: string;
  /** The edits it consists of, where there are several. */
  edits?: string[];
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

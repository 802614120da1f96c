import type { AnyAction } from "../core/actions";
import type { Caller } from "../core/actor";
import type { AskedStart } from "../core/policy/asked";
import type { Ports } from "./ports";

/** A request as it comes from a surface: the name of an action and its unchecked input. */
export interface Call {
  action: string;
  input: unknown;
}

/** How a surface wants questions and trials handled. */
export interface DispatchOptions {
  /** The typing person's answer to every question. */
  yes?: boolean;
  /** The digest of what a person was shown and agreed to. */
  confirm?: string;
  /** Stop before anything is recorded or changed. */
  dryRun?: boolean;
  /** There is nobody to ask: leave a proposal instead of a question. */
  propose?: boolean;
}

/** What a call did. */
export interface Done {
  action: string;
  summary: string;
  changed: boolean;
  before?: string;
  after?: string;
  /** Steps and gates that came with it, where the call does not name them. */
  made?: string[];
  run?: string;
  /** Steps the caller may wait for; null for everything. */
  pursued?: string[] | null;
  /** Nothing begins by it: what it asks for is under way, or waits and was asked for before. */
  starts_nothing?: true;
  /** Number of the audit entry. */
  audit?: number;
  note?: string;
  /** Gates whose approval does not hold on the definition that it leaves. */
  voids?: string[];
  /** Of a dry run: what it would start, and how often a person would be asked first. */
  starts?: AskedStart[];
  /** Of a dry run: what goes on by itself once that is done. */
  follows?: AskedStart[];
  asks?: { times: 1 | 2; why: string };
  warnings: string[];
}

/** One call on its way through the door. */
export interface Passage {
  ports: Ports;
  action: AnyAction;
  input: unknown;
  caller: Caller;
  options: DispatchOptions;
}

/** An input without undefined members, for hashing and the record. */
export function plainSummary(input: unknown): unknown {
  return JSON.parse(JSON.stringify(input ?? null));
}

const texts = ["prompt.edit", "sequence.write"];

/**
 * A call as the record keeps it: of a long text the digest and the length, not the text. What it was made from is no part of what it
 * did, also within a call of several; an entry has that as its `before`.
 */
export function recordedCall({ action, input }: Call, sha256: Ports["sha256"]): Call {
  const plain = plainSummary(input);
  // What is refused may be anything.
  if (!isMap(plain)) return { action, input: plain };
  const { base: _, ...rest } = plain;
  const { text, calls, ...others } = rest;
  if (texts.includes(action) && typeof text === "string")
    return { action, input: { ...others, sha256: sha256(text), length: text.length } };
  if (action !== "sequence.change" || !Array.isArray(calls)) return { action, input: rest };
  const isCall = (call: unknown) => isMap(call) && typeof call.action === "string";
  const kept = calls.map((call) => (isCall(call) ? { ...call, ...recordedCall(call, sha256) } : call));
  return { action, input: { ...others, calls: kept } };
}

const isMap = (value: unknown): value is { [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

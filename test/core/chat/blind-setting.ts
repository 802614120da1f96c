import fc from "fast-check";
import type { World } from "../../../lib/core/chat/reading";
import type { Gate, Step } from "../../../lib/core/sequence/schema";
import { worldOf } from "./rig";

/** What of a graph matters to an intent; all else about it is made up. */
export interface Shape {
  /** Placeholders whose ids nothing has yet. */
  fresh?: string;
  /** Whether `b` waits for `a`. */
  linked?: boolean;
  /** Whether `a` waits for the gate `g`. */
  gated?: boolean;
  /** Whether `a` and `b` are in one group. */
  grouped?: boolean;
  /** Whether `a` is the synthesis of `b` and further candidates. */
  fused?: boolean;
}

/** What a wording is filled with, and the graph it is said about. */
export interface Said {
  a: string;
  b: string;
  c: string;
  g: string;
  /** A command, without its quotes. */
  cmd: string;
  n: number;
  candidates: string[];
  world: World;
  /** Whether the wording holds a placeholder. */
  has(key: string): boolean;
  /** The text that a wording marks as a value: `{model:opus}`. */
  value(key: string): string;
}

// No word of a language: what is tested is the sentence around the ids.
const id = fc.stringMatching(
  /^[bcdfgklmpqrtvwxz]{2,3}[aeiou][bcdfgklmpqrtvwxz][0-9]{1,2}(?:[-_][bcdfgklmpqrtvwxz]{3}[0-9])?$/,
);
const commands = ["npm run lint", "make all", "pytest -q", "cargo build --release", "./scripts/check.sh now"];
const quotes = ["`", '"'];
const statuses = ["READY", "RUNNING", "FAILED", "DONE", "BLOCKED", "PENDING"];
const slot = /\{(\w+)(?::([^}]*))?\}/g;

/** Graphs of 3 to 9 steps and up to 3 gates, and the wording filled in with ids of theirs. */
export function fillings(wording: string, shape: Shape): fc.Arbitrary<{ message: string; said: Said }> {
  return fc
    .record({
      ids: fc.uniqueArray(id, {
        minLength: 16,
        maxLength: 16,
        selector: (text) => text.replace(/\W|_/g, ""),
      }),
      cmd: fc.constantFrom(...commands),
      quote: fc.constantFrom(...quotes),
      n: fc.integer({ min: 2, max: 6 }),
      bits: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
      states: fc.array(fc.constantFrom(...statuses), { minLength: 16, maxLength: 16 }),
      fore: fc.integer({ min: 0, max: 3 }),
      aft: fc.integer({ min: 0, max: 3 }),
      gateCount: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ ids, cmd, quote, n, bits, states, fore, aft, gateCount }) => {
      const [a, b, c, g, ...others] = ids as [string, string, string, string, ...string[]];
      const slots = new Map([...wording.matchAll(slot)].map(([, key = "", text]) => [key, text]));
      const names = { a, b, c };
      const fresh = shape.fresh ?? "";
      const named = Object.entries(names).filter(([key]) => !fresh.includes(key));
      const front = others.slice(0, fore);
      const back = others.slice(3, 3 + aft);
      const candidates = shape.fused ? [b, ...others.slice(6, 11)] : [];
      let bit = 0;
      const some = (list: readonly string[]) => list.filter(() => bits[bit++ % bits.length]);
      const step = (own: string, needs: readonly string[], more: Partial<Step> = {}): Step => ({
        id: own,
        command: ["true"],
        ...(needs.length > 0 ? { depends_on: [...needs] } : {}),
        ...more,
      });
      const group = shape.grouped ? "checks" : slots.get("group");
      const middle = named.map(([key, own]): Step => {
        if (shape.fused && key === "a")
          return step(own, candidates, { type: "f", fusion_synth: true, fusion_candidates: candidates });
        const needs = [...some(front), ...(shape.gated && key === "a" ? [g] : [])];
        const inGroup = group !== undefined && key !== "c" && !fresh.includes("group");
        return step(own, shape.linked && key === "b" ? [...needs, a] : needs, {
          ...(shape.fused && key === "b" ? { type: "f" as const } : {}),
          ...(inGroup ? { group_id: group, type: "p" as const } : {}),
        });
      });
      const gates = [...(fresh.includes("g") ? [] : [g]), ...others.slice(11, 10 + gateCount)].map(
        (own): Gate => {
          const known = shape.gated ? [] : named.map(([, id]) => id);
          const needs = some([...front, ...known]);
          return { id: own, name: "Look at it", ...(needs.length > 0 ? { depends_on: needs } : {}) };
        },
      );
      const steps = [
        ...front.map((own) => step(own, [])),
        ...candidates.filter((own) => own !== b).map((own) => step(own, [], { type: "f" })),
        ...middle,
        ...back.map((own) =>
          step(own, some([...named.map(([, known]) => known), ...gates.map((gate) => gate.id)])),
        ),
      ];
      const world = worldOf(
        steps,
        gates,
        Object.fromEntries(ids.map((own, at) => [own, states[at] as string])),
      );
      const said: Said = {
        ...{ a, b, c, g, cmd, n, candidates, world },
        has: (key) => slots.has(key),
        value: (key) => slots.get(key) ?? "",
      };
      const fills: Record<string, string> = { a, b, c, g, cmd: `${quote}${cmd}${quote}`, n: String(n) };
      const message = wording.replace(slot, (_, key: string, text?: string) => text ?? fills[key] ?? key);
      return { message, said };
    });
}

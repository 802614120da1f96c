import { countOf } from "../../lib/core/count";
import type { StepUsageDoc } from "../../lib/core/views/marks";
import { sayWhole } from "./amount";

/** Tokens and cost in a few signs, and in words. */
export function sayUsage({ tokens, cost_usd: cost }: StepUsageDoc): { short: string; long: string } {
  const money = cost === null ? undefined : `$${cost < 0.01 && cost > 0 ? cost.toFixed(4) : cost.toFixed(2)}`;
  const long = `${countOf(tokens, "token", sayWhole(tokens))}${money === undefined ? "" : `, ${money}`}`;
  return { short: money ?? sayTokens(tokens), long };
}

function sayTokens(tokens: number): string {
  if (tokens < 1000) return `${tokens} tok`;
  const thousands = tokens / 1000;
  return thousands < 1000
    ? `${thousands.toFixed(thousands < 10 ? 1 : 0)}k`
    : `${(thousands / 1000).toFixed(1)}M`;
}

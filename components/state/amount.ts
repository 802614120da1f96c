import type { UsageDoc } from "../../lib/core/views/status";

/** A count in the fewest characters that still tell: `950`, `12.3k`, `4.1M`. */
export function sayCount(count: number): string {
  if (count < 1000) return String(count);
  const [size, sign] = count < 999_500 ? [1000, "k"] : [1_000_000, "M"];
  const scaled = count / size;
  return `${scaled < 99.95 ? scaled.toFixed(1) : Math.round(scaled)}${sign}`;
}

/** A count in full: `1,000,000`. The browser's own way to say it loads its tables first, which holds a page up for 10 to 30 ms. */
export function sayWhole(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** What agents cost, as far as they said: `$0.42`, `$0.42 + 2 unpriced`; nothing where none named a price. */
export function sayCost({ cost_usd, unpriced }: UsageDoc): string {
  if (cost_usd === 0) return unpriced > 0 ? "no price" : "$0";
  const cost = `$${cost_usd < 0.01 ? cost_usd.toPrecision(1) : cost_usd.toFixed(2)}`;
  return unpriced > 0 ? `${cost} + ${unpriced} unpriced` : cost;
}

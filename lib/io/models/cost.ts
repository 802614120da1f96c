import type { Tokens } from "../../core/agents/report";
import type { ChatConfig } from "./config";

const million = 1_000_000;

/** What tokens cost in USD by the prices the user has named; null where none are. */
export function costOf(
  { price }: ChatConfig,
  { input, output, cacheRead, cacheWrite }: Tokens,
): number | null {
  if (price?.input === undefined || price.output === undefined) return null;
  const read = price.cache_read ?? price.input;
  const write = price.cache_write ?? price.input;
  return (input * price.input + output * price.output + cacheRead * read + cacheWrite * write) / million;
}

/** What a call does, with the reason that is given in it: whoever says yes to the call says it too. */
export function reasoned(summary: string, input: unknown): string {
  const { reason } = (input ?? {}) as { reason?: unknown };
  return typeof reason === "string" ? `${summary}, because: ${reason.replace(/\s+/g, " ").trim()}` : summary;
}

type Fields = Record<string, unknown>;

/** A member that is itself a map; empty if it is none. */
export function mapAt(of: Fields, key: string): Fields {
  const value = of[key];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** A member that is a text. */
export function textAt(of: Fields, key: string): string | undefined {
  const value = of[key];
  return typeof value === "string" ? value : undefined;
}

/** A member that is a number one can count with. */
export function numberAt(of: Fields, key: string): number | undefined {
  const value = of[key];
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

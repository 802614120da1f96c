/** `timeout_ms` reads `timeout (ms)`: still the key of the file, only easier to read. */
export function labelOf(key: string): string {
  const plain = key.replace(/_ms$/, " (ms)").replaceAll("_", " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** A size as people say it: `812 B`, `4.2 kB`, `3.1 MB`. */
export function sayBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const thousands = bytes / 1000;
  return thousands < 1000
    ? `${thousands.toFixed(thousands < 10 ? 1 : 0)} kB`
    : `${(thousands / 1000).toFixed(1)} MB`;
}

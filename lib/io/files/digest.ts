/** SHA-256, hex. Bun's own hasher starts without loading node:crypto, which costs more than most commands. */
export function sha256(data: string | Uint8Array): string {
  if (typeof Bun !== "undefined") return new Bun.CryptoHasher("sha256").update(data).digest("hex");
  return process.getBuiltinModule("node:crypto").createHash("sha256").update(data).digest("hex");
}

/** The same for what comes in pieces. */
export function sha256InPieces(pieces: Iterable<Uint8Array>): string {
  if (typeof Bun !== "undefined") {
    const hasher = new Bun.CryptoHasher("sha256");
    for (const piece of pieces) hasher.update(piece);
    return hasher.digest("hex");
  }
  const hash = process.getBuiltinModule("node:crypto").createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}

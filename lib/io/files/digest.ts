/** SHA-256, hex. Bun's own hasher starts without loading node:crypto, which costs more than most commands. */
export function sha256(data: string | Uint8Array): string {
  if (typeof Bun !== "undefined") return Bun.CryptoHasher.hash("sha256", data, "hex");
  return process.getBuiltinModule("node:crypto").createHash("sha256").update(data).digest("hex");
}

/** Takes the SHA-256 of what comes bit by bit; `soFar` can be asked at any time. */
export function hasher(): { add(data: string | Uint8Array): void; soFar(): string } {
  if (typeof Bun !== "undefined") {
    const hash = new Bun.CryptoHasher("sha256");
    return { add: (data) => void hash.update(data), soFar: () => hash.copy().digest("hex") };
  }
  const hash = process.getBuiltinModule("node:crypto").createHash("sha256");
  return { add: (data) => void hash.update(data), soFar: () => hash.copy().digest("hex") };
}

/** The same for what comes in pieces. */
export function sha256InPieces(pieces: Iterable<Uint8Array>): string {
  const hash = hasher();
  for (const piece of pieces) hash.add(piece);
  return hash.soFar();
}

/** HMAC-SHA-256 of a text, base64url. */
export function keyedHash(key: string, text: string): string {
  if (typeof Bun !== "undefined") return new Bun.CryptoHasher("sha256", key).update(text).digest("base64url");
  return process.getBuiltinModule("node:crypto").createHmac("sha256", key).update(text).digest("base64url");
}

import type { Api } from "../state/api";
import type { LogOf } from "../state/log";

const pieceBytes = 1_048_576;

/** Saves a whole log as a file; secrets are left out as they are on the page. */
export async function downloadLog(api: Api, log: LogOf): Promise<void> {
  const parts: string[] = [];
  for (let from = 0; ; ) {
    const piece = await api.logs({ ...log, from, limit: pieceBytes });
    parts.push(piece.text);
    from = piece.from + piece.bytes;
    if (piece.bytes === 0 || from >= piece.size) break;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: "text/plain" }));
  link.download = `${log.id}-${log.run.slice(-6)}-${log.attempt}-${log.stream}.log`;
  link.click();
  URL.revokeObjectURL(link.href);
}

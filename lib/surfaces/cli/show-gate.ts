import type { GateShowDoc } from "../../runtime/gate-doc";
import { lookOf, safeForTerminal } from "./paint";
import type { Answering } from "./say";

const safe = (text: string) => safeForTerminal(text, false);

/** All that a gate shows: each thing with size, digest and its beginning, and the digest of the whole. */
export function gateText(doc: GateShowDoc, { paint }: Answering): string {
  const { glyph, tone } = lookOf(doc.status, "gate");
  const lines = [
    `${paint(tone, `${glyph} ${doc.status}`)}  ${safe(doc.name)}  ${paint("dim", safe(doc.why))}`,
  ];
  if (doc.description !== null) lines.push(safe(doc.description));
  for (const { id, type, ask, options, required } of doc.questions) {
    const terms = [...(options ?? [type.replace("_", "/")]), ...(required === false ? ["optional"] : [])];
    lines.push(`? ${id}: ${safe(ask ?? id)} (${safe(terms.join(", "))})`);
  }
  for (const { step, attempt, standing, files } of doc.shows) {
    const stands = standing === "open" ? "not done yet" : standing;
    lines.push("", `${paint("bold", step)}  ${stands}${attempt > 0 ? `, attempt ${attempt}` : ""}`);
    for (const { name, size, sha256, excerpt, cut } of files) {
      lines.push(`  ${safe(name)}  ${paint("dim", `${size} bytes, sha256 ${sha256}`)}`);
      if (excerpt === null) lines.push(paint("dim", "    (not text)"));
      else if (excerpt !== "")
        lines.push(
          ...excerpt
            .trimEnd()
            .split("\n")
            .map((line) => `    ${safe(line)}`),
        );
      if (cut) lines.push(paint("dim", "    …"));
    }
  }
  lines.push("", `${paint("dim", "a yes is bound to")} ${doc.digest}`);
  return `${lines.join("\n")}\n`;
}

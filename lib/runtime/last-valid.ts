import { parseEntry } from "../core/audit/chain";
import type { Definition, Ports } from "./ports";

/** The newest recorded text of the definition that can be used. */
export function lastValid(ports: Ports): Definition | undefined {
  const tried = new Set<string>();
  for (const line of ports.audit.backwards()) {
    if (!line.includes('"after":"')) continue;
    const entry = parseEntry(line);
    if (entry?.result !== "success" || !entry.after || tried.has(entry.after)) continue;
    tried.add(entry.after);
    const text = ports.definition.revision(entry.after);
    const sequence = text.ok ? ports.definition.check(text.value) : text;
    if (text.ok && sequence.ok) return { text: text.value, digest: entry.after, sequence: sequence.value };
  }
  return undefined;
}

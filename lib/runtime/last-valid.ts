import { parseEntry } from "../core/audit/chain";
import type { Definition, Ports } from "./ports";

/** What was found last: while a file is broken it is asked for in every turn and by every look. */
const known = new WeakMap<Ports["definition"], Definition>();

/** The newest recorded text of the definition that can be used. */
export function lastValid(ports: Ports): Definition | undefined {
  const before = known.get(ports.definition);
  const tried = new Set<string>();
  for (const line of ports.audit.backwards()) {
    if (!line.includes('"after":"')) continue;
    const entry = parseEntry(line);
    if (entry?.result !== "success" || !entry.after || tried.has(entry.after)) continue;
    if (before?.digest === entry.after) return before;
    tried.add(entry.after);
    const text = ports.definition.revision(entry.after);
    const sequence = text.ok ? ports.definition.check(text.value) : text;
    if (!text.ok || !sequence.ok) continue;
    const found = { text: text.value, digest: entry.after, sequence: sequence.value };
    known.set(ports.definition, found);
    return found;
  }
  return undefined;
}

/** Keys that say too little in letters of their own; of parts that are called alike in several things, with the thing. */
const words: Record<string, string> = {
  model: "Runs with",
  cwd: "Folder (cwd)",
  tty: "Terminal (tty)",
  max_ms: "Longest wait (ms)",
  cpu_s: "Computing time (s)",
  memory_mb: "Memory (MB)",
  file_mb: "Largest file (MB)",
  group_id: "Group",
  "resume.max": "How often (max)",
  "resume.auto": "By itself (auto)",
  "loop.max": "Rounds at most (max)",
};

/** What a field is called: `timeout_ms` reads `Timeout (ms)`, still the key of the file, only easier to read; `of` is what it is a part of. */
export function labelOf(key: string, of?: string): string {
  const known = words[of === undefined ? key : `${of}.${key}`] ?? words[key];
  if (known !== undefined) return known;
  const plain = key.replace(/_ms$/, " (ms)").replaceAll("_", " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** Whether a folder (relative to the workspace, `.` for itself) is one that a glob names: `*` is one name, `**` any depth. */
export function matchesFolder(glob: string, folder: string): boolean {
  return matchParts(partsOf(glob), partsOf(folder));
}

const partsOf = (path: string) => path.split("/").filter((part) => part !== "" && part !== ".");

/** Each column of the table says whether the rest of the folder fits the rest of the glob: no exponential backtracking. */
function matchParts(glob: readonly string[], folder: readonly string[]): boolean {
  let fits = folder.map(() => false);
  let atEnd = true;
  for (const part of glob.toReversed()) {
    const next: boolean[] = [];
    const nextAtEnd: boolean = part === "**" && atEnd;
    for (let i = folder.length - 1; i >= 0; i--) {
      const after = i + 1 < folder.length ? (fits[i + 1] as boolean) : atEnd;
      const afterMine = i + 1 < folder.length ? (next[i + 1] as boolean) : nextAtEnd;
      next[i] =
        part === "**" ? (fits[i] as boolean) || afterMine : matchesName(part, folder[i] as string) && after;
    }
    fits = next;
    atEnd = nextAtEnd;
  }
  return folder.length === 0 ? atEnd : (fits[0] as boolean);
}

/** `*` stands for any text within one name. */
export function matchesName(glob: string, name: string): boolean {
  const [head = "", ...rest] = glob.split("*");
  if (rest.length === 0) return glob === name;
  const tail = rest.pop() as string;
  if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length) return false;
  let at = head.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > name.length - tail.length) return false;
    at = found + piece.length;
  }
  return true;
}

"use client";

import { parsePatch, structuredPatch } from "diff";
import { useMemo } from "react";

type File = ReturnType<typeof parsePatch>[number];

/** A patch, file by file, with what came and what went marked by sign and colour. */
export function Patch({ text }: { text: string }) {
  const files = useMemo(() => read(text), [text]);
  if (!files) return <Plain text={text} />;
  if (files.length === 0) return <p className="text-muted">It changes nothing.</p>;
  return <Files files={files} />;
}

/** What became of a text, as a patch. */
export function Changes(props: { name: string; before: string; after: string }) {
  const { name, before, after } = props;
  const patch = useMemo(
    () => structuredPatch(name, name, before, after, "", "", { context: 3 }),
    [name, before, after],
  );
  if (patch.hunks.length === 0) return <p className="text-muted">Both are the same.</p>;
  return <Files files={[patch as File]} />;
}

/** A text as it stands. */
export function Plain({ text }: { text: string }) {
  return <pre className="shown-text">{text}</pre>;
}

function read(text: string): File[] | undefined {
  try {
    return parsePatch(text).filter((file) => file.hunks.length > 0 || file.oldFileName !== file.newFileName);
  } catch {
    return undefined;
  }
}

function Files({ files }: { files: File[] }) {
  return (
    <div className="flex flex-col gap-2">
      {files.map((file) => (
        <details key={nameOf(file)} open={files.length <= mostOpen} className="patch-file">
          <summary>
            <span className="min-w-0 grow truncate font-mono">{nameOf(file)}</span>
            <Count file={file} sign="+" />
            <Count file={file} sign="-" />
          </summary>
          {file.hunks.map((hunk) => (
            <Hunk key={`${hunk.oldStart} ${hunk.newStart}`} hunk={hunk} />
          ))}
        </details>
      ))}
    </div>
  );
}

const mostOpen = 6;

function Count({ file, sign }: { file: File; sign: "+" | "-" }) {
  const count = file.hunks.flatMap(({ lines }) => lines).filter((line) => line.startsWith(sign)).length;
  return (
    <span data-sign={sign} className="patch-count">
      {sign === "+" ? "+" : "−"}
      {count}
    </span>
  );
}

function Hunk({ hunk }: { hunk: File["hunks"][number] }) {
  return (
    <div className="patch-hunk">
      <div className="patch-place">
        from line {hunk.oldStart}, now {hunk.newStart}
      </div>
      {hunk.lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of one hunk may be equal; their place is their identity
        <div key={index} data-sign={line.charAt(0)}>
          {line === "" ? " " : line}
        </div>
      ))}
    </div>
  );
}

const nameOf = ({ oldFileName = "", newFileName = "" }: File) =>
  (newFileName === "/dev/null" || newFileName === "" ? oldFileName : newFileName).replace(/^[ab]\//, "");

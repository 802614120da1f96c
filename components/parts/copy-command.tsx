"use client";

import { useEffect, useState } from "react";
import { CheckIcon, CopyIcon } from "./icons";

const shownMs = 1600;

/** A command line to be typed elsewhere, with a button that copies it. */
export function CopyCommand({ command }: { command: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    navigator.clipboard.writeText(command).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className="flex items-stretch rounded-md border border-line bg-inset">
      <code className="min-w-0 grow px-2.5 py-1.5 font-mono text-sm break-words text-ink select-all">
        <span aria-hidden="true" className="mr-1.5 text-faint select-none">
          $
        </span>
        {command}
      </code>
      <button
        type="button"
        onClick={copy}
        className="grid w-8 shrink-0 cursor-pointer place-items-center rounded-r-md border-l border-line text-muted hover:bg-hover hover:text-ink"
        aria-label={copied ? "Copied" : `Copy ${command}`}
        title={copied ? "Copied" : "Copy"}
      >
        {copied ? <CheckIcon /> : <CopyIcon />}
      </button>
    </div>
  );
}

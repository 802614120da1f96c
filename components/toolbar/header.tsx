"use client";

import { Command as CommandIcon, Redo2, Undo2 } from "lucide-react";
import { ChatButton } from "../chat/chat-button";
import { sayKeys } from "../commands/keymap";
import { Mark } from "../parts/icons";
import { Bar } from "../parts/skeleton";
import { useDoing } from "../state/doing";
import { usePast } from "../state/look";
import { useStatus } from "../state/queries";
import { useView } from "../state/view";
import type { StatusDocument } from "../state/wire";
import { InboxButton } from "./inbox";
import { ModeSwitch } from "./mode-switch";
import { Progress } from "./progress";
import { RunButton } from "./run-button";
import { RunSelect } from "./run-select";
import { SearchField } from "./search-field";

const factsOf = ({ name, mode }: StatusDocument) => ({ name, mode });

/** The top line: which sequence, which run, which mode, how far; and what is done with the whole of it. */
export function Header() {
  const facts = useStatus(factsOf);
  const broken = useView((view) => view.refusal !== null);
  return (
    <header className="top-line">
      <span title="ThreadOS">
        <Mark />
      </span>
      {facts ? (
        <>
          <h1 className="top-name" title={facts.name}>
            {facts.name}
          </h1>
          <RunSelect />
          <ModeSwitch mode={facts.mode} />
          <Turning />
          <span className="grow" />
          <Progress />
          <SearchField />
          <button
            type="button"
            className="icon-button"
            aria-label="Open the command palette"
            title={`Command palette (${sayKeys("mod+k")})`}
            onClick={() => useView.setState({ front: "palette" })}
          >
            <CommandIcon size={15} aria-hidden="true" />
          </button>
          <InboxButton />
          <ChatButton />
          <RunButton />
        </>
      ) : broken ? (
        <h1 className="top-name text-muted">A file can't be read</h1>
      ) : (
        <Bar width="180px" />
      )}
    </header>
  );
}

function Turning() {
  const { undo, redo } = useDoing();
  const past = usePast();
  return (
    <span className="flex shrink-0">
      <button
        type="button"
        className="icon-button"
        aria-label="Undo"
        disabled={past}
        title={`Undo the last change (${sayKeys("mod+z")})`}
        onClick={() => void undo()}
      >
        <Undo2 size={15} aria-hidden="true" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Redo"
        disabled={past}
        title={`Do it again (${sayKeys("mod+shift+z")})`}
        onClick={() => void redo()}
      >
        <Redo2 size={15} aria-hidden="true" />
      </button>
    </span>
  );
}

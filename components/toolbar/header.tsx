"use client";

import { Command as CommandIcon, Redo2, Undo2 } from "lucide-react";
import { ChatButton } from "../chat/chat-button";
import { sayKeys } from "../commands/keymap";
import { Mark } from "../parts/icons";
import { Bar } from "../parts/skeleton";
import { IconButton } from "../parts/tool-button";
import { useDoing } from "../state/doing";
import { usePast } from "../state/look";
import { useStatus } from "../state/queries";
import { useTurns } from "../state/turns";
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
  const broken = useView((view) => view.refusal);
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
          <IconButton
            label="Open the command palette"
            tip={`Command palette (${sayKeys("mod+k")})`}
            icon={CommandIcon}
            onPress={() => useView.setState({ front: "palette" })}
          />
          <InboxButton />
          <ChatButton />
          <RunButton />
        </>
      ) : broken ? (
        <h1 className="top-name text-muted">
          {broken.code === "workspace.missing" ? "The workspace is gone" : "A file can't be read"}
        </h1>
      ) : (
        <Bar width="180px" />
      )}
    </header>
  );
}

function Turning() {
  const doing = useDoing();
  const past = usePast();
  const turns = useTurns();
  return (
    <span className="flex shrink-0">
      {ways.map(({ way, label, icon, keys, nothing }) => {
        const change = turns[way];
        const tip = change ? `${label}: ${change.change}${sayBy(change)}` : change === null ? nothing : label;
        return (
          <IconButton
            key={way}
            label={label}
            icon={icon}
            past={past}
            idle={change === null}
            tip={`${tip} (${sayKeys(keys)})`}
            onPress={() => void doing[way]()}
          />
        );
      })}
    </span>
  );
}

const ways = [
  { way: "undo", label: "Undo", icon: Undo2, keys: "mod+z", nothing: "Nothing to undo" },
  { way: "redo", label: "Redo", icon: Redo2, keys: "mod+shift+z", nothing: "Nothing to redo" },
] as const;

/** Of a change that somebody else made, whose it is. */
const sayBy = ({ by }: { by: string }) => (by === "user" ? "" : `, by ${by}`);

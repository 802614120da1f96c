"use client";

import * as Radix from "@radix-ui/react-dropdown-menu";
import { ChevronDown, Play } from "lucide-react";
import { Items } from "../commands/items";
import { sayKeys } from "../commands/keymap";
import { useRunCommands } from "../commands/runs";
import { isPast } from "../state/doing";
import { usePast } from "../state/look";

/** Runs everything, or, from the menu beside it, something less or something new. */
export function RunButton() {
  const past = usePast();
  const commands = useRunCommands();
  const [all] = commands;
  if (!all) return null;
  return (
    <span className="split">
      <button
        type="button"
        title={`${all.title} (${sayKeys(all.keys ?? "")})`}
        aria-disabled={past}
        onClick={() => !isPast() && all.run()}
        className="button-main"
      >
        <Play size={13} fill="currentColor" aria-hidden="true" /> Run
      </button>
      {/* Its menu stays closed in the past. */}
      <Radix.Root modal={false} {...(past ? { open: false } : {})}>
        <Radix.Trigger
          className="button-main"
          aria-disabled={past}
          onClick={() => isPast()}
          aria-label="More ways to run"
          title="More ways to run"
        >
          <ChevronDown size={14} aria-hidden="true" />
        </Radix.Trigger>
        <Radix.Portal>
          <Radix.Content className="menu" align="end" sideOffset={6} collisionPadding={8}>
            <Items as={Radix.Item} commands={commands} />
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </span>
  );
}

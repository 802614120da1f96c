"use client";

import type { ComponentType, ReactNode } from "react";
import type { Command } from "./command";
import { sayKeys } from "./keymap";

/** An entry of whichever kind of menu it stands in. */
type Item = ComponentType<{
  className?: string;
  "data-danger"?: boolean | undefined;
  onSelect?: () => void;
  children?: ReactNode;
}>;

/** Commands as the entries of a menu. */
export function Items({ commands, as: Entry }: { commands: Command[]; as: Item }) {
  return commands.map(({ id, title, icon: Icon, keys, danger, run }) => (
    <Entry
      key={id}
      className="menu-item"
      data-danger={danger}
      // What opens a window takes the focus itself, once the menu is gone.
      onSelect={() => setTimeout(run)}
    >
      <Icon size={14} aria-hidden="true" />
      <span className="grow">{title}</span>
      {keys && <kbd>{sayKeys(keys)}</kbd>}
    </Entry>
  ));
}

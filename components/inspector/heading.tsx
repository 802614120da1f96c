"use client";

import { PanelRightClose } from "lucide-react";
import type { ReactNode } from "react";
import { endSelection } from "../commands/step-back";
import { CloseIcon } from "../parts/icons";
import { IconButton } from "../parts/tool-button";
import { closeInspector } from "../state/inspector";

/** What the inspector looks at, and the way out of it. */
export function Heading({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="flex items-start gap-2 px-4 pt-3.5 pb-2.5">
      <div className="min-w-0 grow">
        <h2 tabIndex={-1} className="rounded-sm text-lg font-semibold break-words">
          {title}
        </h2>
        {children}
      </div>
      <CloseInspector />
      <IconButton label="End the selection" icon={CloseIcon} onPress={endSelection} />
    </div>
  );
}

/** Leaves only the icons of the inspector. */
export function CloseInspector() {
  return (
    <IconButton
      label="Close the inspector"
      icon={PanelRightClose}
      tip="Close the inspector (p)"
      onPress={closeInspector}
    />
  );
}

"use client";

import { SlidersHorizontal } from "lucide-react";
import { useMemo } from "react";
import { labelOf } from "../forms/label";
import type { FieldSpec } from "../forms/schema";
import { settings } from "../forms/settings";
import { focusField } from "../state/focus";
import { usePast } from "../state/look";
import { useNode } from "../state/queries";
import { select, showSequence, useView } from "../state/view";
import { isGate } from "../state/wire";
import type { Command } from "./command";

/** What can be set of the selected node, and of the whole sequence; each leads to its field. */
export function useSettingCommands(): Command[] {
  const id = useView((view) => view.selected) ?? "";
  const node = useNode(id);
  const kind = node && (isGate(node) ? "gate" : "step");
  const past = usePast();
  return useMemo(() => {
    if (past) return [];
    const ofNode = kind
      ? settings[kind].fields.map((field) => settingOf(field, id, () => select(id, "edit")))
      : [];
    return [
      ...ofNode,
      ...settings.sequence.fields.flatMap((field) =>
        (field.kind === "parts" ? (field.parts ?? []) : [field]).map((part) =>
          settingOf(part, "the sequence", showSequence, field),
        ),
      ),
    ];
  }, [id, kind, past]);
}

function settingOf(field: FieldSpec, of: string, open: () => void, whole = field): Command {
  const isPart = whole !== field;
  const key = isPart ? `${whole.key}.${field.key}` : field.key;
  const within = isPart ? `${labelOf(whole.key)}: ` : "";
  return {
    id: `${of} ${key}`,
    title: `${within}${labelOf(field.key, field.of)} of ${of}…`,
    icon: SlidersHorizontal,
    words: "setting set",
    line: key,
    run: () => {
      open();
      focusField(whole.key);
    },
  };
}

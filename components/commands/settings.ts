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
import { titleOf, titleOfAll } from "./setting-titles";

/** What can be set of the selected node, and of the whole sequence; each leads to its field. */
export function useSettingCommands(): Command[] {
  const id = useView((view) => view.selected) ?? "";
  const node = useNode(id);
  const kind = node && (isGate(node) ? "gate" : "step");
  const past = usePast();
  return useMemo(() => {
    if (past) return [];
    const ofNode = kind
      ? settings[kind].fields.map((field) =>
          settingOf(field, titleOf(field.key, id), () => select(id, "edit"), id),
        )
      : [];
    return [
      ...ofNode,
      ...settings.sequence.fields.flatMap((field) =>
        (field.kind === "parts" ? (field.parts ?? []) : [field]).map((part) => settingOfAll(part, field)),
      ),
    ];
  }, [id, kind, past]);
}

function settingOfAll(part: FieldSpec, whole: FieldSpec): Command {
  const key = part === whole ? whole.key : `${whole.key}.${part.key}`;
  const setting = settingOf(part, titleOfAll(key), showSequence, "the sequence", whole);
  return {
    ...setting,
    id: `the sequence ${key}`,
    line: key,
    words: `${setting.words} ${labelOf(whole.key)}`,
  };
}

function settingOf(field: FieldSpec, title: string, open: () => void, of: string, whole = field): Command {
  return {
    id: `${of} ${field.key}`,
    title,
    icon: SlidersHorizontal,
    // What it is called in the form is typed as well.
    words: `setting ${labelOf(field.key, field.of)} of ${of}`,
    line: field.key,
    run: () => {
      open();
      focusField(whole.key);
    },
  };
}

"use client";

import { useNode } from "../state/queries";
import { standing } from "../state/vocabulary";
import { useDim } from "./dim";
import { useGesture } from "./picture";

/** A node as it stands, with the attributes that its looks follow from; undefined while there is none. */
export function useLooks(id: string, selected: boolean) {
  const node = useNode(id);
  const barred = useGesture((gesture) => gesture.barred?.has(id) ?? false);
  const dim = useDim(id, node?.name);
  if (!node) return undefined;
  const { tone, word } = standing(node);
  const looks = { "data-tone": tone, "data-selected": selected, "data-barred": barred, "data-dim": dim };
  return { node, tone, word, looks };
}

"use client";

import { useLayoutEffect, useState } from "react";
import { useView } from "../state/view";
import { type Place, placeIn } from "./toast-place";

/** What is pressed at the lower edge of the graph. */
const pressed = ["#canvas-panel .react-flow__panel.bottom.left", "#canvas-panel .react-flow__minimap"];

/** Where messages cover nothing that is pressed, as long as there are any. */
export function usePlace(isShown: boolean): Place | undefined {
  const [place, setPlace] = useState<Place>();
  const minimap = useView((view) => view.minimap);
  const asList = useView((view) => view.asList);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the map and the list change what there is to be measured
  useLayoutEffect(() => {
    const ground = document.querySelector("#canvas-panel");
    if (!isShown || !ground) return;
    const parts = pressed.flatMap((one) => document.querySelector(one) ?? []);
    const measure = () =>
      setPlace(
        placeIn(
          ground.getBoundingClientRect(),
          parts.map((part) => part.getBoundingClientRect()),
        ),
      );
    measure();
    const sizes = new ResizeObserver(measure);
    for (const one of [ground, ...parts]) sizes.observe(one);
    return () => sizes.disconnect();
  }, [isShown, minimap, asList]);
  return place;
}

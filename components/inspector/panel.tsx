"use client";

import { FileCode, History, Info, Package, PanelRightOpen, Pencil } from "lucide-react";
import { useEffect, useRef } from "react";
import { Panel, Separator, usePanelRef } from "react-resizable-panels";
import { Boundary } from "../parts/boundary";
import { IconButton } from "../parts/tool-button";
import { focusFirst, inspector, isLost } from "../state/focus";
import { openInspector } from "../state/inspector";
import { useMedia } from "../state/media";
import { useNode } from "../state/queries";
import { type InspectorTab, useView } from "../state/view";
import { isGate } from "../state/wire";
import { Inspector, tabs } from "./inspector";

const closedPx = 40;
const opener = `${inspector} [aria-label="Open the inspector"]`;
/** In it the graph would have no room beside an open inspector. */
const smallWindow = "(max-width: 860px)";

/** The inspector with its border: as wide as somebody made it, or only its icons. With `above` it stands above another panel. */
export function InspectorPanel({ above = false }: { above?: boolean }) {
  const open = useView((view) => view.inspectorOpen);
  const panel = usePanelRef();
  const small = useMedia(smallWindow);
  const told = useRef(open);
  // It may have been closed where it stood before; then the remembered size of this place does not open it.
  const begins = useRef(!open);
  /** How wide it was when the pointer was last put down: by its border it is drawn shut over its least width. */
  const drawnFrom = useRef<number | null>(null);
  const wide = useRef<number | null>(null);
  const resized = useRef(false);
  useEffect(() => {
    const note = () => {
      const isOpen = useView.getState().inspectorOpen;
      drawnFrom.current = (isOpen && panel.current?.getSize().inPixels) || null;
    };
    // The border lets go of the focus with the pointer that drew it shut.
    const lead = () => {
      if (drawnFrom.current === null || useView.getState().inspectorOpen) return;
      requestAnimationFrame(() => isLost() && focusFirst(opener));
    };
    window.addEventListener("pointerdown", note, true);
    window.addEventListener("pointerup", lead);
    return () => {
      window.removeEventListener("pointerdown", note, true);
      window.removeEventListener("pointerup", lead);
    };
  }, [panel]);
  useEffect(() => {
    // At first the remembered size holds.
    if (told.current === open) return;
    told.current = open;
    if (open && wide.current !== null) panel.current?.resize(`${wide.current}px`);
    else if (open) panel.current?.expand();
    else panel.current?.collapse();
  }, [open, panel]);
  useEffect(() => {
    if (!small || !useView.getState().inspectorOpen) return;
    useView.setState({ inspectorOpen: false });
    return () => useView.setState({ inspectorOpen: true });
  }, [small]);
  return (
    <>
      {!above && <Separator className="separator" aria-label="Width of the inspector" />}
      <Panel
        id="inspector-panel"
        panelRef={panel}
        collapsible
        collapsedSize={`${closedPx}px`}
        {...(above
          ? { defaultSize: "45%", minSize: "160px" }
          : { defaultSize: "360px", minSize: "280px", maxSize: "640px" })}
        groupResizeBehavior="preserve-pixel-size"
        onResize={({ inPixels }) => {
          const isOpen = inPixels > closedPx + 8;
          const isFirst = !resized.current;
          resized.current = true;
          if (begins.current) {
            begins.current = false;
            if (isOpen) requestAnimationFrame(() => panel.current?.collapse());
            return;
          }
          if (isOpen) wide.current = null;
          if (isOpen === useView.getState().inspectorOpen) return;
          // A link asked for one of its pages.
          if (!isOpen && isFirst && useView.getState().isTabAsked) {
            requestAnimationFrame(() => panel.current?.expand());
            return;
          }
          told.current = isOpen;
          if (!isOpen) wide.current = drawnFrom.current;
          const within = document.activeElement?.closest(inspector);
          useView.setState({ inspectorOpen: isOpen });
          // What had the focus in it is gone.
          if (!isOpen && within) focusFirst(opener);
        }}
        style={{ overflow: "hidden" }}
      >
        <aside aria-label="Inspector" className="h-full overflow-hidden bg-surface">
          <Boundary name="inspector">{open ? <Inspector /> : <Icons flat={above} />}</Boundary>
        </aside>
      </Panel>
      {above && <Separator className="separator" aria-label="Height of the inspector" />}
    </>
  );
}

const icons: Record<InspectorTab, typeof Info> = {
  overview: Info,
  edit: Pencil,
  yaml: FileCode,
  runs: History,
  results: Package,
};

/** What is left of a closed inspector: the way back into it, and to each page about the selected node. */
function Icons({ flat }: { flat: boolean }) {
  const node = useNode(useView((view) => view.selected) ?? "");
  const last = useView((view) => view.tab);
  return (
    <div
      role="toolbar"
      aria-label="Inspector"
      aria-orientation={flat ? "horizontal" : "vertical"}
      className="inspector-icons"
    >
      <IconButton
        label="Open the inspector"
        icon={PanelRightOpen}
        tip="Open the inspector (p)"
        onPress={() => openInspector()}
      />
      {node &&
        tabs
          .filter(([tab]) => tab !== "results" || !isGate(node))
          .map(([tab, title]) => (
            <IconButton
              key={tab}
              label={title}
              icon={icons[tab]}
              pressed={tab === last}
              onPress={() => openInspector(tab)}
            />
          ))}
    </div>
  );
}

"use client";

import { FileCode, History, Info, Package, PanelRightOpen, Pencil } from "lucide-react";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { Panel, Separator, usePanelRef } from "react-resizable-panels";
import { Boundary } from "../parts/boundary";
import { IconButton } from "../parts/tool-button";
import { openInspector } from "../state/inspector";
import { useNode } from "../state/queries";
import { type InspectorTab, useView } from "../state/view";
import { isGate } from "../state/wire";
import { Inspector, tabs } from "./inspector";

const closedPx = 40;

/** The inspector with its border: as wide as somebody made it, or only its icons. */
export function InspectorPanel() {
  const open = useView((view) => view.inspectorOpen);
  const panel = usePanelRef();
  const small = useSmall();
  const told = useRef(open);
  useEffect(() => {
    // At first the remembered size holds.
    if (told.current === open) return;
    told.current = open;
    if (open) panel.current?.expand();
    else panel.current?.collapse();
  }, [open, panel]);
  useEffect(() => {
    if (!small || !useView.getState().inspectorOpen) return;
    useView.setState({ inspectorOpen: false });
    return () => useView.setState({ inspectorOpen: true });
  }, [small]);
  return (
    <>
      <Separator className="separator" aria-label="Width of the inspector" />
      <Panel
        id="inspector-panel"
        panelRef={panel}
        collapsible
        collapsedSize={`${closedPx}px`}
        defaultSize="360px"
        minSize="280px"
        maxSize="640px"
        groupResizeBehavior="preserve-pixel-size"
        onResize={({ inPixels }) => {
          const isOpen = inPixels > closedPx + 8;
          if (isOpen === useView.getState().inspectorOpen) return;
          told.current = isOpen;
          useView.setState({ inspectorOpen: isOpen });
        }}
        style={{ overflow: "hidden" }}
      >
        <aside aria-label="Inspector" className="h-full overflow-hidden bg-surface">
          <Boundary name="inspector">{open ? <Inspector /> : <Icons />}</Boundary>
        </aside>
      </Panel>
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
function Icons() {
  const node = useNode(useView((view) => view.selected) ?? "");
  return (
    <div role="toolbar" aria-label="Inspector" aria-orientation="vertical" className="inspector-icons">
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
            <IconButton key={tab} label={title} icon={icons[tab]} onPress={() => openInspector(tab)} />
          ))}
    </div>
  );
}

/** Below it the graph would have no room beside an open inspector. */
const query = "(max-width: 860px)";

function useSmall(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => matchMedia(query).matches,
    () => false,
  );
}

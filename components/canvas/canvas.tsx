"use client";

import "@xyflow/react/dist/base.css";
import { Background, Panel, ReactFlow, ReactFlowProvider, useReactFlow, useStore } from "@xyflow/react";
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useMemo, useRef } from "react";
import { DrawnNotice } from "../chat/drawn-notice";
import { dress, GhostCamera, GhostNode, useGhosts } from "../chat/ghost-layer";
import type { GhostPlan } from "../chat/ghosts";
import { keepFocus } from "../state/focus";
import { hold } from "../state/hand";
import { useStatus } from "../state/queries";
import { chooseGroup, select, selection, startAdding, useView } from "../state/view";
import { BeyondHints } from "./beyond-hints";
import { useCamera, zooms } from "./camera";
import { ConnectHint } from "./connect-hint";
import { useConnecting } from "./connecting";
import { onEdgesChange, useDragging } from "./dragging";
import { groupOfBox, nodesOf, type ThreadEdge, threadsOf } from "./elements";
import { EmptyCanvas, LoadingCanvas } from "./empty";
import { FarCanvas, useIsFar, useNear } from "./far";
import { FoldedNode } from "./folded-node";
import { foldedGroup, foldGroups } from "./folding";
import { FusionNode } from "./fusion-node";
import { GateNode } from "./gate-node";
import { activeOf, graphOf } from "./graph";
import { GroupNode } from "./group-node";
import { useKeptNodes, useKeptThreads } from "./kept";
import type { Layout, Placed } from "./layout";
import { GraphMap } from "./map";
import { CanvasMenu } from "./menu";
import { NestNode } from "./nest-node";
import { openedUp, useNests, useOpened } from "./nests";
import { spotAt, useGesture, usePlaces } from "./picture";
import { type PlanNode, sizes } from "./plan";
import { SelectionTools } from "./selection-tools";
import { useSteering } from "./steer";
import { StepNode } from "./step-node";
import { useStop } from "./stop";
import { Thread } from "./thread";
import { CanvasTools } from "./tools";
import { useLayout } from "./use-layout";
import { ZoomControls } from "./zoom-controls";

const none: ThreadEdge[] = [];
const nodeTypes = {
  step: StepNode,
  gate: GateNode,
  fusion: FusionNode,
  nest: NestNode,
  folded: FoldedNode,
  boundary: GroupNode,
  ghost: GhostNode,
};
const edgeTypes = { thread: Thread };
/** From here on only what can be seen is in the page; below, drawing all at once pans more smoothly. */
const virtualFrom = 150;
const steering =
  "Enter selects, a second Enter leads to what is said about it, Space chooses a group, with Shift or Control it adds a node to the selection, the arrow keys lead to neighbours, Home, End, Page Up and Page Down through all in the order of the work, with Alt the arrow keys move it, Tab leads to its buttons and on, Delete removes it or all that are selected, Shift and F10 open its menu, Escape ends the selection.";
const labels = {
  "node.a11yDescription.default": steering,
  "node.a11yDescription.keyboardDisabled": steering,
} as const;

/** The live graph, and the place to change it. */
export function Canvas() {
  const known = useStatus(graphOf);
  const ghosts = useGhosts(known);
  const plan = ghosts?.plan ?? known;
  const places = usePlaces();
  const refused = useView((view) => view.refusal !== null);
  const isReady = plan !== undefined && (plan.length === 0 || places !== undefined);
  return (
    <>
      <DrawnNotice />
      {!isReady && !refused && <LoadingCanvas />}
      {plan?.length === 0 && <EmptyCanvas />}
      {plan && plan.length > 0 && places && (
        <ReactFlowProvider>
          <Laid plan={plan} known={known ?? plan} ghosts={ghosts} places={places} />
        </ReactFlowProvider>
      )}
    </>
  );
}

interface Drawn {
  /** What is drawn. */
  plan: PlanNode[];
  /** What is there: it differs while something is proposed. */
  known: PlanNode[];
  ghosts: GhostPlan | null;
  places: Placed;
}

/** The graph once everything has its place. */
function Laid({ plan, ...rest }: Drawn) {
  const nests = useOpened();
  useEffect(() => useNests.setState({ nests }), [nests]);
  // A proposal is seen whole.
  const collapsed = rest.ghosts ? undefined : rest.places.collapsed;
  const whole = useMemo(() => foldGroups(openedUp(plan, nests), collapsed), [plan, nests, collapsed]);
  const layout = useLayout(whole, rest.places, rest.ghosts?.edges);
  return layout ? <Graph plan={whole} {...rest} layout={layout} /> : <LoadingCanvas />;
}

function Graph({ plan, known, ghosts, places, layout }: Drawn & { layout: Layout }) {
  const { shown, onNodesChange, onNodeDrag, onNodeDragStop, onMoveKey } = useDragging(plan, known, layout);
  useEffect(() => useGesture.setState({ direction: layout.direction }), [layout.direction]);
  useEffect(() => useGesture.setState({ boxes: layout.boxes, stretches: layout.stretches }), [layout]);
  const far = useIsFar(plan.length);
  const near = useNear(plan, shown, far);
  const boxes = useKeptNodes(
    useMemo(() => nodesOf(near, far ? { ...shown, groups: [] } : shown), [near, far, shown]),
  );
  const arrows = useKeptThreads(useMemo(() => (far ? none : threadsOf(shown)), [far, shown]));
  const { nodes: placed, edges: threads } = useMemo(
    () => dress(ghosts, boxes, arrows),
    [ghosts, boxes, arrows],
  );
  const selected = useView((view) => view.selected);
  const marked = useView((view) => view.marked);
  const edge = useView((view) => view.edge);
  const minimap = useView((view) => view.minimap);
  const marks = useMemo(() => {
    const chosen = new Set(selection({ selected, marked }));
    return placed.map((node) => (chosen.has(node.id) ? { ...node, selected: true } : node));
  }, [placed, selected, marked]);
  const partly = plan.length > virtualFrom;
  const { nodes, isCanvas } = useStop(marks, { partly, far });
  // biome-ignore lint/correctness/useExhaustiveDependencies: with other nodes one may have gone
  useEffect(keepFocus, [nodes]);
  const edges = useMemo(
    () =>
      threads.map((thread) =>
        thread.id === edge ? { ...thread, selected: true, reconnectable: true } : thread,
      ),
    [threads, edge],
  );
  const active = useStatus(activeOf) ?? [];
  const { onMove, showAll, least } = useCamera(layout, active);
  const order = useMemo(() => (far ? [] : placed.map(({ id }) => id)), [far, placed]);
  const steer = useSteering(layout, order);
  const connecting = useConnecting(known);
  const openForm = useOpenForm(known);
  const flow = useReactFlow();
  const onDoubleClick = (event: MouseEvent<HTMLElement>) => {
    const element = event.target as Element;
    // The pane holds everything that is drawn on it, too.
    if (!element.closest(".react-flow__pane") || element.closest(".react-flow__node, .react-flow__edge"))
      return;
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const { width, height } = sizes.step;
    startAdding({ spot: spotAt({ x: x - width / 2, y: y - height / 2 }) });
  };
  const detail = useStore((state) => detailAt(state.transform[2]));
  const onKeyDownCapture = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== "Tab") hold();
    // With Alt the arrow keys move: what is selected, which is React Flow's business, or a group.
    if (event.altKey) onMoveKey(event);
    else steer(event);
  };
  return (
    <CanvasMenu plan={known} places={places}>
      <ReactFlow
        data-detail={detail}
        tabIndex={isCanvas ? 0 : -1}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeDrag={onNodeDrag}
        onNodeDragStop={onNodeDragStop}
        onNodeClick={chooseOne}
        onPaneClick={leaveGroup}
        onNodeMouseEnter={comeTo}
        onNodeMouseLeave={leave}
        onFocusCapture={({ target }) => stopAt(nodeAround(target))}
        onBlurCapture={({ relatedTarget }) => stayNear(nodeAround(relatedTarget))}
        onNodeDoubleClick={openForm}
        {...connecting}
        onMove={onMove}
        onPointerDownCapture={hold}
        onKeyDownCapture={onKeyDownCapture}
        onDoubleClick={onDoubleClick}
        minZoom={least}
        maxZoom={zooms.most}
        onlyRenderVisibleElements={partly}
        nodeDragThreshold={4}
        connectionDragThreshold={4}
        connectOnClick={false}
        connectionRadius={24}
        edgesFocusable={false}
        zoomOnDoubleClick={false}
        deleteKeyCode={null}
        panActivationKeyCode={null}
        ariaLabelConfig={labels}
        aria-label="Graph of the sequence"
      >
        <GhostCamera ghosts={ghosts} />
        {far && <FarCanvas layout={shown} />}
        {!far && <Background gap={24} size={2} color="var(--dots)" />}
        <Panel position="top-center">
          <SelectionTools />
          <ConnectHint plan={known} />
        </Panel>
        <Panel position="bottom-left">
          <div className="flex flex-wrap items-center gap-2">
            <ZoomControls onFit={showAll} onZoom={hold} />
            <CanvasTools direction={layout.direction} />
            <BeyondHints layout={layout} onMove={hold} />
          </div>
        </Panel>
        {minimap && !far && <GraphMap />}
      </ReactFlow>
    </CanvasMenu>
  );
}

// What every node is handed is made once: with another function each of them would be drawn anew.

/** Of several chosen nodes, the one that is clicked on; React Flow would leave all of them chosen. */
function chooseOne({ ctrlKey, metaKey, shiftKey }: MouseEvent, { id }: { id: string }): void {
  if (ctrlKey || metaKey || shiftKey) return;
  const group = groupOfBox(id) ?? foldedGroup(id);
  if (group !== undefined) chooseGroup(group);
  if (useView.getState().marked.includes(id)) select(id);
}

/** React Flow ends the selection of nodes by itself. */
function leaveGroup(): void {
  if (useView.getState().group !== null) select(null);
}

/** Leads from a node to its form; what is only proposed has none. */
function useOpenForm(known: PlanNode[]): (event: MouseEvent, node: { id: string }) => void {
  const latest = useRef(known);
  latest.current = known;
  return useCallback((_event, node) => {
    if (latest.current.some(({ id }) => id === node.id)) select(node.id, "edit");
  }, []);
}

/** The node that an element of the page stands in. */
const nodeAround = (element: EventTarget | null) =>
  element instanceof Element ? (element.closest<HTMLElement>(".react-flow__node")?.dataset.id ?? null) : null;

function comeTo(_event: MouseEvent, { id }: { id: string }): void {
  stayNear(id);
}

function stayNear(near: string | null): void {
  if (useGesture.getState().near !== near) useGesture.setState({ near });
}

/** The focus is on a node, or on what belongs to it: there the Tab key comes in again. */
function stopAt(id: string | null): void {
  stayNear(id);
  if (id !== null) useGesture.setState({ stop: id });
}

/** The pointer went elsewhere; the focus may have stayed. */
function leave(_event: MouseEvent, { id }: { id: string }): void {
  if (useGesture.getState().near !== id) return;
  const focused = document.activeElement?.matches(":focus-visible") ? document.activeElement : null;
  stayNear(nodeAround(focused));
}

/** How much a node says at this size: all, the name large, or the colour and glyph. */
function detailAt(zoom: number): "all" | "name" | "far" | "glyph" {
  if (zoom >= 0.72) return "all";
  if (zoom >= 0.5) return "name";
  return zoom >= 0.26 ? "far" : "glyph";
}

"use client";

import * as Tabs from "@radix-ui/react-tabs";
import { type ReactNode, Suspense, useEffect, useState } from "react";
import { usePlaces } from "../canvas/picture";
import { commandsOf } from "../commands/of-node";
import { moreOf, useOnSelection } from "../commands/selected";
import { TabDraftMark } from "../parts/draft-mark";
import { loadable } from "../parts/loadable";
import { Outdated } from "../parts/outdated";
import { Said } from "../parts/said";
import { Lines } from "../parts/skeleton";
import { StatusWord } from "../parts/status-word";
import { useDoing } from "../state/doing";
import { usePast } from "../state/look";
import { useNode } from "../state/queries";
import { type InspectorTab, select, showTab, useView } from "../state/view";
import { standing } from "../state/vocabulary";
import { isGate, type NodeState } from "../state/wire";
import { ActionButtons } from "./action-buttons";
import { BrokenFile } from "./broken-file";
import { Definition } from "./definition";
import { Facts } from "./facts";
import { GateView } from "./gate-view";
import { Gone, loadAgain } from "./gone";
import { GroupView } from "./group-view";
import { Heading } from "./heading";
import { LastWords } from "./last-words";
import { NotInThePast } from "./not-in-the-past";
import { Overview } from "./overview";
import { ResultsTab } from "./results-tab";
import { RunsTab } from "./runs-tab";
import { Several } from "./several";

// What only those who edit need is not waited for by the others.
const Edit = loadable("form", () => import("./edit").then(({ Edit }) => Edit));
const YamlTab = loadable("editor", () => import("./yaml-tab").then(({ YamlTab }) => YamlTab));

/** The pages of the inspector. */
export const tabs: [InspectorTab, string][] = [
  ["overview", "Overview"],
  ["edit", "Edit"],
  ["yaml", "YAML"],
  ["runs", "Runs"],
  ["results", "Results"],
];

/** What is known about the selected node, or common to several; without one, the outline of the whole sequence. */
export function Inspector() {
  const selected = useView((view) => view.selected);
  const marked = useView((view) => view.marked);
  const group = useView((view) => view.group);
  if (group !== null) return <GroupView group={group} />;
  if (marked.length > 1) return <Several ids={marked} />;
  return selected === null ? <Overview /> : <Selected key={selected} id={selected} />;
}

function Selected({ id }: { id: string }) {
  const node = useNode(id);
  const broken = useView((view) => view.refusal !== null);
  if (node === undefined)
    return broken ? (
      <div className="h-full overflow-y-auto p-4">
        <BrokenFile />
      </div>
    ) : (
      <div className="p-4">
        <Lines widths={["50%", "80%", "70%"]} />
      </div>
    );
  return <div className="h-full">{node === null ? <Gone id={id} /> : <Details node={node} />}</div>;
}

function Details({ node }: { node: NodeState }) {
  // Whoever looks at a node may edit it next, also while the server is away.
  useEffect(() => {
    const wanted = requestIdleCallback(
      () =>
        void Promise.allSettled([
          Edit.prepare(),
          YamlTab.prepare(),
          import("../editor/code-editor"),
          loadAgain(),
        ]),
    );
    return () => cancelIdleCallback(wanted);
  }, []);
  const isOurs = isGate(node) || node.of === undefined;
  const last = useView((view) => view.tab);
  const isAsked = useView((view) => view.isTabAsked);
  const past = usePast();
  // Who comes to what waits for a decision comes to decide, and to what failed to see why; who is at it when it does is left
  // where they are.
  const [calls] = useState(standing(node).tone === "failed" || (!past && standing(node).tone === "human"));
  const wanted = calls && !isAsked ? "overview" : last;
  const tab = wanted === "results" && isGate(node) ? "overview" : wanted;
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(next) => showTab(next as InspectorTab)}
      className="flex h-full flex-col"
    >
      <Heading title={node.name}>
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 text-sm">
          <span className="font-medium">
            <StatusWord {...standing(node)} /> <Outdated node={node} />
          </span>
          <span className="font-mono break-all text-faint">{node.id}</span>
        </div>
      </Heading>
      <Tabs.List aria-label="What to look at" className="tabs">
        {tabs
          .filter(([value]) => value !== "results" || !isGate(node))
          .map(([value, title]) => (
            <Tabs.Trigger key={value} value={value}>
              {title}
              <TabDraftMark id={node.id} tab={value} />
            </Tabs.Trigger>
          ))}
      </Tabs.List>
      <Tab value="overview">
        <p className="break-words text-muted">
          <Said text={node.why} />
        </p>
        {!isGate(node) && <Actions node={node} />}
        {isGate(node) ? <GateView gate={node} /> : <LastWords step={node} />}
        <Facts node={node} />
        {isGate(node) && <Actions node={node} />}
        {isOurs ? <Definition id={node.id} /> : <Elsewhere node={node} />}
      </Tab>
      <Tab value="edit">
        <Suspense fallback={<Lines widths={["40%", "90%", "40%", "90%"]} />}>
          {isOurs ? (
            <NotInThePast>
              <Edit key={node.id} node={node} />
            </NotInThePast>
          ) : (
            <Elsewhere node={node} />
          )}
        </Suspense>
      </Tab>
      <Tab value="yaml">
        <Suspense fallback={<Lines widths={["40%", "80%", "60%"]} />}>
          {isOurs ? (
            <NotInThePast>
              <YamlTab key={node.id} node={node} />
            </NotInThePast>
          ) : (
            <Elsewhere node={node} />
          )}
        </Suspense>
      </Tab>
      <Tab value="runs">
        <RunsTab node={node} />
      </Tab>
      {!isGate(node) && (
        <Tab value="results">
          <ResultsTab step={node} />
        </Tab>
      )}
    </Tabs.Root>
  );
}

/** Said of what a run made of a step: there are no lines of its own to change. */
function Elsewhere({ node }: { node: NodeState }) {
  const of = isGate(node) ? undefined : node.of;
  if (of === undefined) return null;
  return (
    <p className="text-muted">
      It is part of{" "}
      <button type="button" className="link" onClick={() => select(of)}>
        {of}
      </button>
      , which the run made it of. Change that step, or the file with the sequence that it runs.
    </p>
  );
}

function Tab({ value, children }: { value: InspectorTab; children: ReactNode }) {
  return (
    <Tabs.Content value={value} tabIndex={-1} className="tab">
      {children}
    </Tabs.Content>
  );
}

const shown = new Set(["run", "stop", "restart", "downstream", "compare", "delete"]);

/** What can be done with it now, as buttons. */
function Actions({ node }: { node: NodeState }) {
  const doing = useDoing();
  const on = useOnSelection();
  const places = usePlaces();
  const past = usePast();
  if (past) return null;
  const commands = commandsOf(node, doing, {
    ...moreOf(on, [node.id]),
    placed: places !== undefined && node.id in places.positions,
  });
  return <ActionButtons label="Actions" commands={commands.filter((command) => shown.has(command.id))} />;
}

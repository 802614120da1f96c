"use client";

import * as Tabs from "@radix-ui/react-tabs";
import { Group } from "lucide-react";
import { type KeyboardEvent, Suspense } from "react";
import { isDimFolded, useDim } from "../canvas/dim";
import { groupBox } from "../canvas/elements";
import { standingOfGroup } from "../canvas/folding";
import { DraftMark, SequenceDraftMark } from "../parts/draft-mark";
import { Duration } from "../parts/duration";
import { FailedCount } from "../parts/failed-count";
import { Glyph } from "../parts/glyph";
import { useGrowing } from "../parts/growing";
import { HereCommand } from "../parts/here-command";
import { loadable } from "../parts/loadable";
import { Outdated } from "../parts/outdated";
import { Said } from "../parts/said";
import { Lines } from "../parts/skeleton";
import { useDoing } from "../state/doing";
import { focusSelected } from "../state/focus";
import { usePast } from "../state/look";
import { useNode, useStatus } from "../state/queries";
import { useStranded } from "../state/stranded";
import { chooseGroup, rejectAt, select, useView } from "../state/view";
import { standing } from "../state/vocabulary";
import { isGate, type StatusDocument } from "../state/wire";
import { BrokenFile } from "./broken-file";
import { GateFacts } from "./gate-facts";
import { CloseInspector } from "./heading";
import { NotInThePast } from "./not-in-the-past";
import { type OutlineRow, outlineOf } from "./outline";

// What only those who edit need is loaded when they do.
const SequenceForm = loadable("form", () =>
  import("./sequence-form").then(({ SequenceForm }) => SequenceForm),
);

/** What is shown while nothing is selected: what waits for a person, and every node in the order of the work. */
export function Overview() {
  const rows = useStatus(outlineOf);
  const broken = useView((view) => view.refusal !== null);
  const whole = useView((view) => view.whole);
  if (!rows)
    return (
      <div className="h-full overflow-y-auto p-4">
        {broken ? <BrokenFile /> : <Lines widths={["50%", "80%", "70%", "75%", "60%"]} />}
      </div>
    );
  return (
    <div className="relative h-full overflow-y-auto">
      {broken && (
        <div className="border-b border-line p-4">
          <BrokenFile />
        </div>
      )}
      <Attention />
      <Tabs.Root
        value={whole}
        onValueChange={(next) => useView.setState({ whole: next === "sequence" ? "sequence" : "outline" })}
      >
        <div className="whole-tabs">
          <Tabs.List aria-label="What to look at" className="tabs grow">
            <Tabs.Trigger value="outline">Outline</Tabs.Trigger>
            <Tabs.Trigger value="sequence">
              Sequence
              <SequenceDraftMark />
            </Tabs.Trigger>
          </Tabs.List>
          <CloseInspector />
        </div>
        <Tabs.Content value="outline" tabIndex={-1}>
          <nav aria-label="Outline" className="pt-2 pb-4">
            <h2 className="sr-only">Outline</h2>
            {rows.length === 0 && <p className="px-4 text-muted">Steps and gates will be listed here.</p>}
            <Entries rows={rows} />
          </nav>
        </Tabs.Content>
        <Tabs.Content value="sequence" tabIndex={-1} className="tab sequence-tab">
          <NotInThePast>
            <Suspense fallback={<Lines widths={["40%", "90%", "40%", "90%"]} />}>
              <SequenceForm />
            </Suspense>
          </NotInThePast>
        </Tabs.Content>
      </Tabs.Root>
    </div>
  );
}

function Entries({ rows }: { rows: OutlineRow[] }) {
  const { shown, end } = useGrowing(rows);
  return (
    <ol onKeyDown={byArrows}>
      {shown.map(({ id, kind, inGroup }) =>
        kind === "group" ? (
          <GroupEntry key={`group ${id}`} group={id} />
        ) : (
          <Entry key={id} id={id} inGroup={inGroup} />
        ),
      )}
      {end && (
        <li key={shown.length} ref={end} className="px-4 text-faint">
          …
        </li>
      )}
    </ol>
  );
}

/** Leads the focus from entry to entry. */
function byArrows(event: KeyboardEvent<HTMLElement>) {
  const entries = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-entry]")];
  const at = entries.indexOf(event.target as HTMLElement);
  const last = entries.length - 1;
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: last }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  entries[Math.min(last, Math.max(0, to))]?.focus();
}

const line =
  "flex w-full cursor-pointer items-center gap-2.5 py-1 pr-4 text-left -outline-offset-2 hover:bg-hover data-[dim=true]:opacity-35";

function GroupEntry({ group }: { group: string }) {
  const stand = useStatus((status) => standingOfGroup(status, group));
  const search = useView((view) => view.search);
  const dim = useStatus((status) => isDimFolded(status, search, group));
  if (!stand) return null;
  return (
    <li>
      <button
        type="button"
        className={`${line} pl-4`}
        data-dim={dim}
        data-entry={groupBox(group)}
        onClick={() => {
          chooseGroup(group);
          focusSelected(groupBox(group));
        }}
      >
        <span className="grid w-3.5 shrink-0 place-items-center text-muted">
          <Group size={14} aria-hidden="true" />
        </span>
        <span className="min-w-0 grow truncate font-semibold" title={group}>
          <span className="sr-only">Group </span>
          {group}
        </span>
        <span className="shrink-0 text-sm text-faint">
          <FailedCount failed={stand.failed} />
          {stand.done} of {stand.total} done
        </span>
      </button>
    </li>
  );
}

function Entry({ id, inGroup }: { id: string; inGroup: boolean }) {
  const node = useNode(id);
  const dim = useDim(id, node?.name);
  if (!node) return null;
  const { tone, word } = standing(node);
  return (
    <li>
      <button
        type="button"
        data-dim={dim}
        className={`${line} ${inGroup ? "pl-9" : "pl-4"}`}
        data-entry={id}
        onClick={() => {
          select(id);
          focusSelected(id);
        }}
      >
        <Glyph tone={tone} />
        <span className="min-w-0 grow truncate" title={node.name}>
          {node.name}
          <DraftMark id={id} />
        </span>
        <span className="flex shrink-0 gap-2 text-sm text-faint">
          <Outdated node={node} />
          {!isGate(node) && tone === "done" ? (
            <span>
              <span className="sr-only">{word} in </span>
              <Duration step={node} />
            </span>
          ) : (
            word
          )}
        </span>
      </button>
    </li>
  );
}

const warningsOf = (status: StatusDocument) => status.warnings;
const waitingOf = (status: StatusDocument) =>
  status.gates.filter((gate) => standing(gate).tone === "human").map((gate) => gate.id);
/** In the past nobody waits. */
const nobody = (): string[] => [];
const idleOf = (status: StatusDocument) => status.run === null && status.steps.length > 0;

/** What only a person can do next, with the command that does it. */
function Attention() {
  const past = usePast();
  const waiting = useStatus(past ? nobody : waitingOf) ?? [];
  const warnings = useStatus(warningsOf) ?? [];
  const idle = useStatus(idleOf);
  const stranded = useStranded();
  if (waiting.length + warnings.length + stranded.length === 0 && !idle) return null;
  return (
    <section aria-label="For you" className="flex flex-col gap-3 border-b border-line p-4">
      {idle && (
        <div>
          <h2 className="mb-1.5 font-semibold">Nothing has run yet</h2>
          <HereCommand words="run" />
        </div>
      )}
      {waiting.map((id) => (
        <WaitingGate key={id} id={id} />
      ))}
      {stranded.map((id) => (
        <p key={id} className="break-words text-muted">
          What you typed into{" "}
          <button type="button" className="link" onClick={() => select(id)}>
            {id}
          </button>{" "}
          is not saved, and it is gone from the sequence.
        </p>
      ))}
      {warnings.map((warning) => (
        <p key={warning} className="flex gap-2 break-words text-muted">
          <span className="pt-[3px]">
            <Glyph tone="retrying" />
          </span>
          <span className="min-w-0">
            <Said text={warning} />
          </span>
        </p>
      ))}
    </section>
  );
}

function WaitingGate({ id }: { id: string }) {
  const gate = useNode(id);
  const { act } = useDoing();
  if (!gate) return null;
  return (
    <div data-tone="human" className="tone-callout rounded-lg p-3.5">
      <div className="mb-2 flex items-start gap-2">
        <span className="pt-[3px]">
          <Glyph tone="human" />
        </span>
        <div className="min-w-0">
          <button
            type="button"
            className="link text-left font-semibold break-words"
            onClick={() => select(id)}
          >
            {gate.name}
          </button>
          <p className="break-words text-muted">
            <Said text={gate.why} />
          </p>
        </div>
      </div>
      <GateFacts id={id} />
      <div className="my-2 flex flex-wrap gap-1.5">
        <button
          type="button"
          className="button button-main"
          aria-label={`Approve ${gate.name}`}
          onClick={() => void act({ action: "gate.approve", input: { id } })}
        >
          Approve
        </button>
        <button
          type="button"
          className="button"
          aria-label={`Reject… ${gate.name}`}
          onClick={() => rejectAt(id)}
        >
          Reject…
        </button>
        <button
          type="button"
          className="button"
          aria-label={`Block ${gate.name}`}
          onClick={() => void act({ action: "gate.block", input: { id } })}
        >
          Block
        </button>
      </div>
      <HereCommand words={`gate approve ${id}`} />
    </div>
  );
}

"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { Suspense, useEffect, useState } from "react";
import { loadable } from "../parts/loadable";
import { Lines } from "../parts/skeleton";
import { useSession } from "../state/provider";
import { useStatus } from "../state/queries";
import { attemptThen, useMoment } from "../state/then";
import { select, useView } from "../state/view";
import type { AttemptOf, StepState } from "../state/wire";
import { sayBytes } from "./bytes";

const Patch = loadable("diff", () => import("./patch").then(({ Patch }) => Patch));
const Changes = loadable("comparison", () => import("./patch").then(({ Changes }) => Changes));
const Plain = loadable("file", () => import("./patch").then(({ Plain }) => Plain));

const mostBytes = 512 * 1024;
/** What is worth looking at first. */
const first = ["diff.patch", "output.json", "stdout.log"];

/** What an attempt left behind, and what became of it from one attempt to another. */
export function ResultsTab({ step }: { step: StepState }) {
  const run = useStatus((status) => status.run);
  const isMoment = useMoment();
  if (run === null || run === undefined || step.attempt === 0)
    return (
      <p className="text-muted">
        {isMoment ? "Not started at this moment" : "It has not run yet"}: there is nothing to look at.
      </p>
    );
  return <Results key={`${run} ${step.id}`} run={run} step={step} />;
}

function Results({ run: newest, step }: { run: string; step: StepState }) {
  const [shown, setShown] = useState<AttemptOf | null>(null);
  const [other, setOther] = useState<AttemptOf | null>(null);
  const led = useView(({ file }) => (file?.step === step.id ? file : null));
  const [name, setName] = useState<string | null>(led?.name ?? null);
  useEffect(() => {
    if (led) setName(led.name);
  }, [led]);
  const isMoment = useMoment();
  // Whatever was made after the moment that is looked at is not there yet.
  const hasBegun = (each: AttemptOf) => !isMoment || attemptThen(each, newest, step) !== "later";
  const isOver = (each: AttemptOf) => !isMoment || attemptThen(each, newest, step) === "over";
  const of = shown && hasBegun(shown) ? shown : { run: newest, step: step.id, attempt: step.attempt };
  const before = other && isOver(other) ? other : null;
  const isLater = !isOver(of);
  const { data, error } = useArtifacts(isLater ? null : of, step);
  if (error) return <p className="break-words text-failed">{error.message}</p>;
  const files = isLater ? [] : (data?.files ?? []);
  const chosen =
    files.find((file) => file.name === name) ??
    first.flatMap((one) => files.find((f) => f.name === one && f.size > 0) ?? [])[0] ??
    files[0];
  return (
    <>
      {led && (
        <button type="button" className="link self-start" onClick={() => select(led.gate, "overview")}>
          Back to the gate {led.gate}
        </button>
      )}
      <div className="flex flex-wrap gap-3">
        <AttemptPicker
          label="Attempt"
          step={step.id}
          value={of}
          isThere={hasBegun}
          onChange={(next) => setShown(next)}
        />
        <AttemptPicker
          label="Compared with"
          step={step.id}
          value={before}
          without={of}
          isThere={isOver}
          onChange={(next) => setOther(next)}
        />
      </div>
      {isLater && (
        <p className="text-muted">
          Attempt {of.attempt} was under way at this moment. The files that it left are those of its end: they
          were made later.
        </p>
      )}
      {!data && !isLater && <Lines widths={["50%", "70%"]} />}
      {data && !isLater && files.length === 0 && <p className="text-muted">It left nothing.</p>}
      {files.length > 0 && (
        <ul aria-label="Files it left" className="files">
          {files.map((file) => (
            <li key={file.name}>
              <button
                type="button"
                aria-pressed={file.name === chosen?.name}
                onClick={() => setName(file.name)}
              >
                <span className="min-w-0 grow truncate font-mono">{file.name}</span>
                <span className="file-size">{sayBytes(file.size)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {chosen && (
        <section aria-label={chosen.name} className="flex min-w-0 flex-col gap-1.5">
          <h3 className="section-title font-mono">{chosen.name}</h3>
          <Suspense fallback={<Lines widths={["80%", "60%"]} />}>
            {before ? (
              <Compared name={chosen.name} before={before} after={of} />
            ) : (
              <Content of={of} name={chosen.name} version={`${chosen.size} ${step.status}`} />
            )}
          </Suspense>
        </section>
      )}
    </>
  );
}

function useArtifacts(of: AttemptOf | null, { status, id }: StepState) {
  const { api } = useSession();
  return useQuery({
    queryKey: ["artifacts", of?.run, id, of?.attempt, status],
    queryFn: of === null ? skipToken : () => api.artifacts(of),
    placeholderData: (before) => before,
    retry: false,
  });
}

function useContent(of: AttemptOf, name: string, version: string) {
  const { api } = useSession();
  return useQuery({
    queryKey: ["artifact", of.run, of.step, of.attempt, name, version],
    queryFn: () => api.artifact({ ...of, name, limit: mostBytes }),
    retry: false,
  });
}

function Content({ of, name, version }: { of: AttemptOf; name: string; version: string }) {
  const { data, error } = useContent(of, name, version);
  if (error) return <p className="break-words text-failed">{error.message}</p>;
  if (!data) return <Lines widths={["80%", "60%"]} />;
  return (
    <>
      {data.text === "" && <p className="text-muted">It is empty.</p>}
      {name.endsWith(".patch") ? (
        <Patch text={data.text} />
      ) : (
        data.text !== "" && <Plain text={pretty(name, data.text)} />
      )}
      {data.from + data.bytes < data.size && (
        <p className="text-sm text-faint">
          The first {sayBytes(data.bytes)} of {sayBytes(data.size)}; all of it:{" "}
          <code>
            seqctl artifact {of.step} {name}
          </code>
        </p>
      )}
    </>
  );
}

function Compared({ name, before, after }: { name: string; before: AttemptOf; after: AttemptOf }) {
  const old = useContent(before, name, "compared");
  const now = useContent(after, name, "compared");
  if (now.error) return <p className="break-words text-failed">{now.error.message}</p>;
  if (old.error) return <p className="text-muted">Attempt {before.attempt} left no such file.</p>;
  if (!old.data || !now.data) return <Lines widths={["80%", "60%"]} />;
  return <Changes name={name} before={pretty(name, old.data.text)} after={pretty(name, now.data.text)} />;
}

/** JSON with a line for each thing; anything else as it is. */
function pretty(name: string, text: string): string {
  if (!name.endsWith(".json")) return text;
  try {
    return `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
  } catch {
    return text;
  }
}

const most = 8;

/** Chooses an attempt among those of the last runs. */
function AttemptPicker(props: {
  label: string;
  step: string;
  value: AttemptOf | null;
  without?: AttemptOf;
  isThere: (of: AttemptOf) => boolean;
  onChange: (value: AttemptOf | null) => void;
}) {
  const { label, step, value, without, isThere, onChange } = props;
  const { api } = useSession();
  const seq = useStatus((status) => `${status.run} ${status.seq}`);
  const { data } = useQuery({
    queryKey: ["attempts", step, seq],
    queryFn: async () => {
      const { runs } = await api.runs();
      const all = await Promise.all(runs.slice(0, most).map(({ id }) => api.run(id).catch(() => undefined)));
      return all.flatMap((run) => {
        const attempts = run?.steps.find((one) => one.id === step)?.attempts ?? 0;
        return run
          ? Array.from({ length: attempts }, (_, index) => ({ run: run.id, attempt: attempts - index }))
          : [];
      });
    },
    placeholderData: (before) => before,
    retry: false,
  });
  const newest = data?.[0]?.run;
  const keyOf = (of: { run: string; attempt: number }) => `${of.run} ${of.attempt}`;
  const options = (data ?? []).filter(
    (each) => isThere({ ...each, step }) && (!without || keyOf(each) !== keyOf(without)),
  );
  return (
    <label className="picker">
      {label}
      <select
        value={value ? keyOf(value) : ""}
        onChange={({ target }) => {
          const found = options.find((each) => keyOf(each) === target.value);
          onChange(found ? { ...found, step } : null);
        }}
      >
        {without && <option value="">nothing</option>}
        {options.map((each) => (
          <option key={keyOf(each)} value={keyOf(each)}>
            {each.attempt}
            {each.run === newest ? "" : `, run ${each.run.slice(-6)}`}
          </option>
        ))}
      </select>
    </label>
  );
}

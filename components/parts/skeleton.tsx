/** A grey bar where text will be. */
export function Bar({ width }: { width: string }) {
  return <span className="skeleton block h-3 rounded" style={{ width }} />;
}

/** A few lines of text to come, no two of the same width. */
export function Lines({ widths }: { widths: string[] }) {
  return (
    <div className="flex flex-col gap-2.5" aria-hidden="true">
      {widths.map((width) => (
        <Bar key={width} width={width} />
      ))}
    </div>
  );
}

/** How many of a group failed, where any did: what follows it says how far the rest is. */
export function FailedCount({ failed }: { failed: number }) {
  return failed === 0 ? null : (
    <>
      <span data-tone="failed" className="tone-ink font-medium">
        {failed} failed
      </span>
      {", "}
    </>
  );
}

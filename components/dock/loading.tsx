import { Lines } from "../parts/skeleton";

/** A page of the dock before there is anything to show. */
export function Loading() {
  return (
    <div className="px-3.5 py-3">
      <Lines widths={["45%", "70%", "60%"]} />
    </div>
  );
}

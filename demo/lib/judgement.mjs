/** What is judged, in the order in which it is told: both summaries speak about the same five areas. */
export const AREAS = [
  { id: "tests", name: "Tests", weight: 3 },
  { id: "size", name: "Size", weight: 2 },
  { id: "debt", name: "Debt", weight: 2 },
  { id: "dependencies", name: "Dependencies", weight: 2 },
  { id: "change", name: "Spread of change", weight: 1 },
];

const GRADES = [
  ["A", 85],
  ["B", 70],
  ["C", 55],
  ["D", 40],
  ["F", 0],
];

/** The letter of a score between 0 and 100, or "–" for what can't be judged. */
export const grade = (score) => (score === null ? "–" : GRADES.find(([, least]) => score >= least)[0]);

/** A score in the words of the other summary: good, fair, poor, or unknown. */
export const reading = (score) =>
  score === null ? "unknown" : score >= 70 ? "good" : score >= 55 ? "fair" : "poor";

/** The value at x of the line through the points, flat before the first and behind the last. */
export function along(x, points) {
  const after = points.findIndex(([at]) => at >= x);
  if (after === 0) return points[0][1];
  if (after === -1) return points.at(-1)[1];
  const [[x0, y0], [x1, y1]] = points.slice(after - 1, after + 1);
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}

/** The value in the middle of a list of numbers. */
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** How often each name occurs, most often first: `{name, times}`. */
export function tally(names) {
  const times = new Map();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  return [...times]
    .map(([name, n]) => ({ name, times: n }))
    .sort((a, b) => b.times - a.times || (a.name < b.name ? -1 : 1));
}

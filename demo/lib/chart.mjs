import { count, percent, plain } from "./markdown.mjs";

const WIDTH = 840;
const LEFT = 44;
const RIGHT = WIDTH - 24;
const MAX_BAR = 28;
const COLOURS = 6;

// Colours are given once for light and once for dark; the card brings its own ground, so that the chart can be
// read on any page.
const STYLE = `
  svg { --ground: #fcfcfb; --ink: #1f2328; --soft: #656d76; --line: #e3e3e0; --bar: #2a78d6; --rest: #b3b2ae;
        --c0: #2a78d6; --c1: #1baf7a; --c2: #eda100; --c3: #8a5cd6; --c4: #eb6834; --c5: #d55181; }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #1a1a19; --ink: #ececea; --soft: #a3a29d; --line: #343432; --bar: #3987e5; --rest: #6a6965;
          --c0: #3987e5; --c1: #199e70; --c2: #c98500; --c3: #9b78e0; --c4: #d95926; --c5: #d55181; }
  }
  text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--soft); }
  .title { font-size: 14px; font-weight: 600; fill: var(--ink); }
  .strong { fill: var(--ink); }
  .end { text-anchor: end; } .middle { text-anchor: middle; }
`;

/** One picture of the repository: commits over time, languages, and the score of each area. */
export function drawChart({ name, perPeriod, languages, areas }) {
  const parts = [timePanel(perPeriod, 0), languagePanel(languages, 236), scorePanel(areas, 340)];
  const height = 340 + 44 + areas.length * 26;
  const label = `Health of ${xml(plain(name, 60))}: commits per ${perPeriod.unit}, languages, score of each area`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${label}">
<title>${label}</title>
<style>${STYLE}</style>
<rect width="${WIDTH}" height="${height}" rx="10" style="fill: var(--ground); stroke: var(--line)"/>
${parts.join("\n")}
</svg>
`;
}

const xml = (text) => text.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);
const text = (x, y, words, style = "") => `<text x="${x}" y="${y}" class="${style}">${xml(words)}</text>`;
const bar = (x, y, width, height, colour, tip) =>
  `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" rx="2" style="fill: var(--${colour})"><title>${xml(tip)}</title></rect>`;

function timePanel({ unit, buckets }, top) {
  const [ceiling, floor] = [top + 52, top + 188];
  const most = niceCeiling(Math.max(1, ...buckets.map(({ commits }) => commits)));
  const slot = (RIGHT - LEFT) / Math.max(buckets.length, 1);
  const width = Math.min(MAX_BAR, slot * 0.78);
  const grid = [0, most / 2, most].filter(Number.isInteger).map((value) => {
    const y = floor - ((floor - ceiling) * value) / most;
    return `<line x1="${LEFT}" x2="${RIGHT}" y1="${y}" y2="${y}" style="stroke: var(--line)"/>${text(LEFT - 8, y + 4, count(value), "end")}`;
  });
  const every = Math.ceil(buckets.length / 8);
  const bars = buckets.map(({ start, commits }, index) => {
    const middle = LEFT + slot * (index + 0.5);
    const tall = ((floor - ceiling) * commits) / most;
    const drawn =
      commits > 0 ? bar(middle - width / 2, floor - tall, width, tall, "bar", `${start}: ${commits}`) : "";
    return (
      drawn +
      (index % every === 0 ? text(middle.toFixed(1), floor + 18, periodName(start, unit), "middle") : "")
    );
  });
  return [text(24, top + 30, `Commits per ${unit}`, "title"), ...grid, ...bars].join("\n");
}

function niceCeiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return Math.ceil([1, 2, 4, 6, 8, 10].find((step) => step * power >= value) * power);
}

const periodName = (start, unit) =>
  ({
    year: start.slice(0, 4),
    quarter: `${start.slice(0, 4)} Q${Math.ceil(Number(start.slice(5, 7)) / 3)}`,
    month: start.slice(0, 7),
  })[unit] ?? start;

function languagePanel(languages, top) {
  const shown = languages
    .slice(0, languages.length > COLOURS ? COLOURS - 1 : COLOURS)
    .map((one, i) => ({ ...one, colour: `c${i}` }));
  const rest = 1 - shown.reduce((sum, { share }) => sum + share, 0);
  const all = languages.length > COLOURS ? [...shown, { name: "other", share: rest, colour: "rest" }] : shown;
  const gap = 2;
  const room = RIGHT - 24 - gap * Math.max(0, all.length - 1);
  const drawn = [text(24, top + 18, "Languages, by lines", "title")];
  let x = 24;
  for (const [index, { name, share, colour }] of all.entries()) {
    drawn.push(bar(x, top + 32, Math.max(1, room * share), 18, colour, `${name}: ${percent(share)}`));
    x += room * share + gap;
    const column = 24 + index * Math.min(156, (RIGHT - 24) / all.length);
    drawn.push(
      bar(column, top + 63, 10, 10, colour, name),
      text((column + 16).toFixed(1), top + 72, `${plain(name, 16)} ${percent(share)}`, "strong"),
    );
  }
  return drawn.join("\n");
}

function scorePanel(areas, top) {
  const [from, to] = [160, RIGHT - 70];
  const rows = areas.map(({ name, numbers: { score, grade } }, index) => {
    const y = top + 44 + index * 26;
    const ground = `<rect x="${from}" y="${y - 10}" width="${to - from}" height="12" rx="2" style="fill: var(--line)"/>`;
    const fill = score
      ? bar(from, y - 10, ((to - from) * score) / 100, 12, "bar", `${name}: ${score} of 100`)
      : "";
    const words =
      score === null
        ? text(RIGHT, y, "–", "end")
        : text(RIGHT - 44, y, grade, "middle strong") + text(RIGHT, y, String(score), "end strong");
    return text(24, y, name, "strong") + ground + fill + words;
  });
  return [text(24, top + 18, "Score of each area, of 100", "title"), ...rows].join("\n");
}

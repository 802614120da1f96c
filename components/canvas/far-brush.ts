import type { Tone } from "../state/vocabulary";
import type { FarLine, FarPicture } from "./far-picture";

/** Where the canvas looks: pixels = coordinates × zoom + offset. */
export interface Sight {
  x: number;
  y: number;
  zoom: number;
  width: number;
  height: number;
}

/** What stands out of the others. */
interface Emphasis {
  chosen: ReadonlySet<string>;
  isDim: (id: string) => boolean;
}

/** The colours of the page, as they are now. */
export type Palette = (name: string) => string;

/** Reads the tokens from the stylesheet, each once. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const known = new Map<string, string>();
  return (name) => {
    const found = known.get(name) ?? style.getPropertyValue(`--${name}`).trim();
    known.set(name, found);
    return found;
  };
}

const lineColours: Record<FarLine["tone"], string> = {
  idle: "edge",
  passed: "done",
  failed: "failed",
  moving: "running",
  human: "human",
};

/** However far away, a box is as large as this, in pixels: less could not be seen. */
const leastBox = 2;
/** Smaller than this, in pixels, a mark can't be told from a dot. */
const leastMark = 5;

/** The shape of a tone's glyph in few strokes, on a grid of 16 by 16: filled shapes, then lines. */
const marks: Record<Tone, { fill?: string; line?: string }> = {
  blocked: { line: "M3 8h2m6 0h2M8 3v2m0 6v2" },
  ready: { fill: "M5 3v10l8-5z" },
  queued: { line: "M2 8a6 6 0 1 0 12 0a6 6 0 1 0-12 0M8 4v4l3 2" },
  running: { fill: "M5 8a3 3 0 1 0 6 0a3 3 0 1 0-6 0", line: "M8 2a6 6 0 0 1 6 6" },
  stopping: { fill: "M4 4h8v8H4z" },
  retrying: { line: "M13.6 8A5.6 5.6 0 1 1 11.7 3.800M13 1v4H9" },
  human: { fill: "M8 0 16 8 8 16 0 8z" },
  done: { line: "m2.5 8.5 3.5 3.5 7.5-8.5" },
  failed: { line: "m3 3 10 10m0-10L3 13" },
  skipped: { line: "m3 4 4 4-4 4m6-8 4 4-4 4" },
  canceled: { line: "M2 8a6 6 0 1 0 12 0a6 6 0 1 0-12 0M4 12l8-8" },
  pending: { line: "M8 1.5 14.5 8 8 14.5 1.5 8z" },
  approved: { line: "m2.5 8.5 3.5 3.5 7.5-8.5" },
  rejected: { line: "M2 8h12" },
  unknown: { line: "M5 5.5a3 3 0 1 1 3 3.5M8 13v.5" },
};

/** Draws what is in sight of a picture. Everything of one colour is one stroke: that is what makes it quick. */
export function draw(
  context: CanvasRenderingContext2D,
  { boxes, lines, groups }: FarPicture,
  sight: Sight,
  palette: Palette,
  { chosen, isDim }: Emphasis,
): void {
  const { x, y, zoom, width, height } = sight;
  const left = -x / zoom;
  const top = -y / zoom;
  const right = left + width / zoom;
  const bottom = top + height / zoom;
  context.strokeStyle = palette("line-strong");
  context.lineWidth = 1;
  for (const group of groups)
    context.strokeRect(group.x * zoom + x, group.y * zoom + y, group.width * zoom, group.height * zoom);

  for (const tone of Object.keys(lineColours) as FarLine["tone"][]) {
    context.beginPath();
    for (const line of lines) {
      if (line.tone !== tone || outside(line, left, top, right, bottom)) continue;
      context.moveTo(line.from.x * zoom + x, line.from.y * zoom + y);
      context.lineTo(line.to.x * zoom + x, line.to.y * zoom + y);
    }
    context.strokeStyle = palette(lineColours[tone]);
    context.stroke();
  }

  const seen = boxes.filter(
    (box) => box.x < right && box.y < bottom && box.x + box.width > left && box.y + box.height > top,
  );
  const surface = palette("surface");
  for (const [tone, some] of byTone(seen)) {
    const colour = palette(tone);
    const mark = markOf(tone, colour, 44 * zoom);
    for (const { id, x: bx, y: by, width: w, height: h, isGate } of some) {
      const [px, py] = [bx * zoom + x, by * zoom + y];
      const [pw, ph] = [Math.max(w * zoom, leastBox), Math.max(h * zoom, leastBox)];
      context.globalAlpha = isDim(id) ? 0.22 : 1;
      context.fillStyle = surface;
      shape(context, px, py, pw, ph, isGate);
      const { globalAlpha } = context;
      context.globalAlpha = globalAlpha * 0.26;
      context.fillStyle = colour;
      shape(context, px, py, pw, ph, isGate);
      context.globalAlpha = globalAlpha;
      if (mark) context.drawImage(mark, px + pw / 2 - mark.width / 2, py + ph / 2 - mark.height / 2);
      if (!chosen.has(id)) continue;
      context.strokeStyle = palette("ink");
      context.lineWidth = 2;
      context.strokeRect(px - 2, py - 2, pw + 4, ph + 4);
    }
  }
  context.globalAlpha = 1;
}

/** A box, or with cut corners a gate. */
function shape(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  isGate: boolean,
): void {
  if (!isGate) {
    context.fillRect(x, y, width, height);
    return;
  }
  const tip = height / 2;
  context.beginPath();
  context.moveTo(x, y + tip);
  context.lineTo(x + tip, y);
  context.lineTo(x + width - tip, y);
  context.lineTo(x + width, y + tip);
  context.lineTo(x + width - tip, y + height);
  context.lineTo(x + tip, y + height);
  context.fill();
}

function outside({ from, to }: FarLine, left: number, top: number, right: number, bottom: number): boolean {
  return (
    (from.x < left && to.x < left) ||
    (from.x > right && to.x > right) ||
    (from.y < top && to.y < top) ||
    (from.y > bottom && to.y > bottom)
  );
}

function byTone(boxes: FarPicture["boxes"]): Map<Tone, FarPicture["boxes"]> {
  const found = new Map<Tone, FarPicture["boxes"]>();
  for (const box of boxes) {
    const list = found.get(box.tone);
    if (list) list.push(box);
    else found.set(box.tone, [box]);
  }
  return found;
}

/** A tone's mark at a size in px, ready to be stamped; none where it would be a dot. */
function markOf(tone: Tone, colour: string, size: number): OffscreenCanvas | undefined {
  const side = Math.round(size);
  if (side < leastMark) return undefined;
  const key = `${tone} ${colour} ${side}`;
  const known = stamps.get(key);
  if (known) return known;
  if (stamps.size > 400) stamps.clear();
  const stamp = new OffscreenCanvas(side, side);
  const context = stamp.getContext("2d");
  if (!context) return undefined;
  const { fill, line } = marks[tone];
  context.scale(side / 16, side / 16);
  Object.assign(context, { fillStyle: colour, strokeStyle: colour, lineWidth: 2.2, lineCap: "round" });
  if (fill) context.fill(new Path2D(fill));
  if (line) context.stroke(new Path2D(line));
  stamps.set(key, stamp);
  return stamp;
}

const stamps = new Map<string, OffscreenCanvas>();

import type { Page } from "playwright";

/** Frames per second while something is done to the graph on every frame. */
export interface Frames {
  pan: number;
  zoom: number;
  drag: number;
}

/** Pans, zooms and drags a node, one event a frame as a mouse would send them, and counts the frames that were drawn. */
export async function measureFrames(page: Page): Promise<Frames> {
  const pan = await page.evaluate(measureInPage, "pan" as const);
  const zoom = await page.evaluate(measureInPage, "zoom" as const);
  const drag = await page.evaluate(measureInPage, "drag" as const);
  return { pan, zoom, drag };
}

/** Runs in the page. */
async function measureInPage(what: "pan" | "zoom" | "drag"): Promise<number> {
  const frameMs = 2500;
  const warmUp = 8;
  const flow = document.querySelector(".react-flow") as HTMLElement;
  const box = flow.getBoundingClientRect();
  const centre = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  const send = (type: string, target: EventTarget, x: number, y: number, more: object = {}) =>
    target.dispatchEvent(
      new MouseEvent(type, {
        bubbles: true,
        cancelable: true,
        view: window,
        clientX: x,
        clientY: y,
        button: 0,
        ...more,
      }),
    );
  const wheel = (deltaY: number) =>
    (document.querySelector(".react-flow__pane") as Element).dispatchEvent(
      new WheelEvent("wheel", {
        bubbles: true,
        cancelable: true,
        view: window,
        clientX: centre.x,
        clientY: centre.y,
        deltaY,
      }),
    );
  const start = { ...centre };
  let target: Element = document.querySelector(".react-flow__pane") as Element;
  if (what === "drag") {
    const find = () =>
      [...document.querySelectorAll(".react-flow__node")].find((node) => {
        const { left, top, right, bottom } = node.getBoundingClientRect();
        return (
          left > box.left + 200 && top > box.top + 5 && right < box.right - 200 && bottom < box.bottom - 5
        );
      });
    // From far away the workbench draws its nodes; the one under the pointer stands in the page, as for a person.
    for (let at = 0; at < 600 && !find(); at++) {
      send("mousemove", target, centre.x + (at % 3) * 7, box.top + 10 + Math.floor(at / 3) * 3);
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
    }
    const inside = find();
    if (!inside) return Number.NaN;
    target = inside;
    const { left, top, width, height } = inside.getBoundingClientRect();
    Object.assign(start, { x: left + width / 2, y: top + height / 2 });
  }
  if (what !== "zoom") send("mousedown", target, start.x, start.y);
  const fps = await new Promise<number>((resolve) => {
    let frames = 0;
    let from = 0;
    const step = (now: number) => {
      frames += 1;
      const turn = Math.sin(frames / 9);
      if (what === "zoom") wheel(turn > 0 ? 24 : -24);
      else
        send("mousemove", window, start.x + turn * 160, start.y + Math.cos(frames / 9) * 60, { buttons: 1 });
      if (frames === warmUp) from = now;
      if (frames > warmUp && now - from >= frameMs) resolve(((frames - warmUp) * 1000) / (now - from));
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  if (what !== "zoom") send("mouseup", window, start.x, start.y);
  return fps;
}

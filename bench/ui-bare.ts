import { join } from "node:path";
import { layoutGraph } from "../components/canvas/layout";
import type { PlanNode } from "../components/canvas/plan";

/** A page with nothing but React Flow and the same graph in the same places, served for as long as the caller wants. */
export async function serveBare(plan: PlanNode[]): Promise<{ url: string; stop(): void }> {
  const built = await Bun.build({
    entrypoints: [join(import.meta.dir, "ui-bare-page.tsx")],
    target: "browser",
    minify: true,
    define: { "process.env.NODE_ENV": '"production"' },
  });
  if (!built.success) throw new Error(built.logs.join("\n"));
  const [script, style] = [".js", ".css"].map((end) => built.outputs.find(({ path }) => path.endsWith(end)));
  const { boxes, edges } = layoutGraph(plan);
  const graph = {
    nodes: plan.map(({ id, name }) => ({ id, data: { label: name }, position: placeOf(boxes.get(id)) })),
    edges: edges.map(({ id, source, target }) => ({ id, source, target })),
  };
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>bare</title><link rel="stylesheet" href="/style.css"><style>html,body,#root{height:100%;margin:0}</style><div id="root"></div><script src="/graph.js"></script><script type="module" src="/script.js"></script></html>`;
  const files: Record<string, [string, Blob | string]> = {
    "/": ["text/html", page],
    "/style.css": ["text/css", style ?? ""],
    "/graph.js": ["text/javascript", `window.graph=${JSON.stringify(graph)}`],
    "/script.js": ["text/javascript", script ?? ""],
  };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) => {
      const file = files[new URL(url).pathname];
      return file
        ? new Response(file[1], { headers: { "content-type": file[0] } })
        : new Response("", { status: 404 });
    },
  });
  return { url: `http://127.0.0.1:${server.port}/`, stop: () => void server.stop(true) };
}

const placeOf = (box: { x: number; y: number } | undefined) => ({ x: box?.x ?? 0, y: box?.y ?? 0 });

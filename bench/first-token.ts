// Prints how long after the provider's first byte of text the chat panel shows it. `bun run bench:chat [--rounds 20]`
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Editor } from "../e2e/editor";
import { type Said, startChatServer } from "../test/rig/chat-server";
import { until } from "../test/rig/deadline";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "20" } } });
const rounds = Number(values.rounds);
const aimMs = 150;

const now = () => performance.timeOrigin + performance.now();
const gates = Array.from({ length: rounds + 1 }, () => Promise.withResolvers<void>());
const script = gates.map(
  ({ promise }, round): Said => ({
    text: [`answer-${round} `, "and more"],
    pause: { after: 0, until: promise },
  }),
);
const server = await startChatServer(script);
const config = mkdtempSync(join(tmpdir(), "bench-chat-"));
mkdirSync(join(config, "threados"));
writeFileSync(
  join(config, "threados", "chat.yaml"),
  `provider: anthropic\nmodel: claude-test\nbase_url: ${server.url}\n`,
);
process.env.XDG_CONFIG_HOME = config;
const at = await Editor.open("bench");
const times: number[] = [];
try {
  await at.page.goto(at.url);
  await at.button("Chat").click();
  const field = at.page.getByRole("textbox", { name: "Message" });
  for (const [round, gate] of gates.entries()) {
    await field.fill("go");
    await field.press("Enter");
    await until("the request", async () => server.seen.length > round || undefined);
    // The time at which a frame with the word in it has been drawn, by the page's own clock.
    const shown = at.page.evaluate(
      (word) =>
        new Promise<number>((resolve) => {
          const look = () => {
            if (document.querySelector(".chat-log")?.textContent?.includes(word))
              resolve(performance.timeOrigin + performance.now());
            else requestAnimationFrame(look);
          };
          look();
        }),
      `answer-${round} `,
    );
    const sent = now();
    gate.resolve();
    const ms = (await shown) - sent;
    // The first one loads what answers are drawn with.
    if (round > 0) times.push(ms);
    await at.page.getByRole("button", { name: "Send" }).waitFor();
  }
} finally {
  await at.close();
  await server.stop();
  rmSync(config, { recursive: true, force: true });
}
const sorted = times.toSorted((a, b) => a - b);
const share = (part: number) =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(0);
console.log(`first token shown behind the provider's first byte (aim: ${aimMs} ms)`);
console.log(
  `  median ${share(0.5)} ms, 95th of 100 ${share(0.95)} ms, worst ${share(1)} ms; ${rounds} rounds`,
);
console.log(`  ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Bun ${Bun.version}`);

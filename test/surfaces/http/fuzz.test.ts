import { afterAll, beforeAll, expect, test } from "bun:test";
import fc from "fast-check";
import { openServer, sendRaw, type TestServer } from "./harness";

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

// Any byte but the two that end a line.
const value = fc
  .array(
    fc.integer({ min: 0, max: 255 }).filter((byte) => byte !== 10 && byte !== 13),
    { maxLength: 60 },
  )
  .map((bytes) => String.fromCharCode(...bytes));
const nearMiss = fc.constantFrom(
  "127.0.0.1",
  "localhost",
  "[::1]",
  "null",
  "http://",
  "https://",
  ":",
  "@",
  ".",
  ",",
  " ",
  "PORT",
);
const host = fc.oneof(
  value,
  fc.array(nearMiss, { maxLength: 5 }).map((parts) => parts.join("")),
);
const piece = fc.constantFrom(
  "/",
  "api",
  "status",
  "step",
  "..",
  ".",
  "%2f",
  "%2e",
  "%00",
  "?",
  "#",
  ";",
  "\\",
  "_next",
  "static",
  "é",
  "[",
  "a",
);
const path = fc.oneof(
  value.map((text) => `/${text}`),
  fc.array(piece, { maxLength: 8 }).map((parts) => `/${parts.join("")}`),
);
const method = fc.constantFrom("GET", "POST", "HEAD", "PUT", "OPTIONS", "TRACE", "PATCH");

test("no Host, Origin and path, however odd, gets past the guard to the API or breaks the server", async () => {
  const request = fc.record({ method, host, origin: host, path });
  const send = async ({ method, host, origin, path }: { [part: string]: string }) => {
    const lines = [
      `${method} ${path} HTTP/1.1`,
      `Host: ${host}`,
      `Origin: ${origin}`,
      "Content-Length: 0",
      "",
      "",
    ];
    const text = lines.join("\r\n").replaceAll("PORT", String(server.port));
    const { status, body } = await sendRaw(server.port, Buffer.from(text, "latin1"));
    expect(status).toBeLessThan(500);
    expect(body).not.toContain('"revision"');
  };
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 50, maxLength: 50 }), async (requests) => {
      sent += requests.length;
      await Promise.all(requests.map(send));
    }),
    { numRuns: 200 },
  );
  expect(sent).toBeGreaterThanOrEqual(10_000);
  expect(server.fake.asked).toEqual([]);
  expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
}, 60_000);

test("no stream of bytes breaks the server", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
      // The blank line makes the parser decide at once instead of waiting for more.
      const { status } = await sendRaw(server.port, Buffer.concat([bytes, Buffer.from("\r\n\r\n\r\n\r\n")]));
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
  expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
}, 60_000);

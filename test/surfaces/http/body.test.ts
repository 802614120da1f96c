import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { MAX_BODY_BYTES } from "../../../lib/surfaces/http/guard";
import { openServer, sendRaw, type TestServer, TOKEN } from "./harness";

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

const nested = (depth: number) => `{"action":"add","x":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
const head = (...more: string[]) =>
  [
    "POST /api/step HTTP/1.1",
    `Host: 127.0.0.1:${server.port}`,
    `Authorization: Bearer ${TOKEN}`,
    "Content-Type: application/json",
    ...more,
    "",
    "",
  ].join("\r\n");

describe("a body", () => {
  test.each<[number, string, string | Uint8Array]>([
    [200, "of 32 levels", nested(32)],
    [400, "of 33 levels", nested(33)],
    [400, "of 100,000 levels", nested(100_000)],
    [400, "of 100,000 opening brackets and nothing else", "[".repeat(100_000)],
    [200, "with brackets inside a text", JSON.stringify({ action: "add", x: "[".repeat(100) })],
    [
      200,
      "with escaped quotes and brackets inside a text",
      JSON.stringify({ action: "add", x: '\\"[{'.repeat(100) }),
    ],
    [200, "as large as allowed", JSON.stringify({ action: "add", x: "" }).padEnd(MAX_BODY_BYTES)],
    [
      413,
      "one byte larger than allowed",
      JSON.stringify({ action: "add", x: "" }).padEnd(MAX_BODY_BYTES + 1),
    ],
    [400, "that is not UTF-8", Buffer.from('{"action":"add","x":"\xff"}', "latin1")],
    [400, "that is cut inside a character", new Uint8Array([0x22, 0xc3])],
    [400, "that is not JSON", '{"action": add}'],
    [400, "that is empty", ""],
    [400, "that is a list", "[]"],
    [400, "that is null", "null"],
    [400, "without an action", "{}"],
    [400, "with an action that is no text", '{"action":["add"]}'],
    [400, "with a confirmation that is no text", '{"action":"add","confirm":true}'],
    [400, "with a dry_run that is no truth value", '{"action":"add","dry_run":"yes"}'],
  ])("gets %i %s", async (status, _, body) => {
    const answer = await server.post("/api/step", body);
    expect(answer.status).toBe(status);
    await answer.text();
  });

  test("in chunks is read like any other", async () => {
    const answer = await sendRaw(
      server.port,
      `${head("Transfer-Encoding: chunked")}10\r\n{"action": "add"\r\n1\r\n}\r\n0\r\n\r\n`,
    );
    expect(answer.status).toBe(200);
  });

  test("in chunks is cut off at the limit", async () => {
    const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`;
    const answer = await sendRaw(
      server.port,
      `${head("Transfer-Encoding: chunked")}${chunk.repeat(17)}0\r\n\r\n`,
    );
    expect(answer.status).toBe(413);
  });

  test("is the action's input, whatever its keys are called", async () => {
    const polluting =
      '{"action":"add","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    expect((await server.post("/api/step", polluting)).status).toBe(200);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test("of any JSON value is answered without a server error", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 6 }), async (value) => {
        const answer = await server.post("/api/step", value);
        await answer.text();
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 100 },
    );
  });
});

describe("a request that dawdles", () => {
  test.each<[string, () => string]>([
    ["sends its headers line by line", () => `GET / HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n`],
    ["stops in its body", () => `${head("Content-Length: 100")}{"a`],
    ["stops between chunks", () => `${head("Transfer-Encoding: chunked")}1\r\n{\r\n`],
    ["says nothing at all", () => ""],
  ])("is sent away when it %s", async (_, text) => {
    const hasty = await openServer({ timeouts: { headersTimeout: 50, requestTimeout: 100 } });
    const request = text().replaceAll(String(server.port), String(hasty.port));
    expect((await sendRaw(hasty.port, request)).status).toBe(408);
    await hasty.close();
  });
});

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openServer, sendRaw, type TestServer, TOKEN } from "./harness";

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

const bearer = `Authorization: Bearer ${TOKEN}`;
const json = "Content-Type: application/json";

/** A request by its parts; `PORT` becomes the server's own. */
interface Sketch {
  line?: string;
  host?: string[];
  headers?: string[];
  body?: string;
}

function write({
  line = "GET /api/status HTTP/1.1",
  host = ["127.0.0.1:PORT"],
  headers = [bearer],
  body,
}: Sketch): string {
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const lines = [line, ...host.map((value) => `Host: ${value}`), ...headers, ...length, "", body ?? ""];
  return lines.join("\r\n").replaceAll("PORT", String(server.port));
}

const post = (path: string) => `POST ${path} HTTP/1.1`;
const own = "http://127.0.0.1:PORT";

const cases: [number, string, Sketch][] = [
  [200, "a request of our own", {}],
  [200, "localhost", { host: ["localhost:PORT"] }],
  [200, "the IPv6 loopback name", { host: ["[::1]:PORT"] }],
  [200, "a name in capitals", { host: ["LOCALHOST:PORT"] }],
  [200, "our own Origin", { headers: [bearer, `Origin: ${own}`, "Sec-Fetch-Site: same-origin"] }],
  [200, "an address that a person typed", { headers: [bearer, "Sec-Fetch-Site: none"] }],
  [
    200,
    "a JSON body",
    { line: post("/api/step"), headers: [bearer, json], body: '{"action":"add","id":"a"}' },
  ],
  [
    200,
    "a JSON body that names its charset",
    { line: post("/api/step"), headers: [bearer, `${json}; charset=utf-8`], body: '{"action":"add"}' },
  ],
  [200, "the page without a token", { line: "GET / HTTP/1.1", headers: [] }],
  [
    200,
    "the page through a link on another site",
    {
      line: "GET / HTTP/1.1",
      headers: ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"],
    },
  ],
  [200, "the liveness probe without a token", { line: "GET /healthz HTTP/1.1", headers: [] }],

  [421, "a foreign name (DNS rebinding)", { host: ["evil.example:PORT"] }],
  [421, "our address without its port", { host: ["127.0.0.1"] }],
  [421, "our address with another port", { host: ["127.0.0.1:1"] }],
  [421, "another spelling of our address", { host: ["127.1:PORT"] }],
  [421, "the address as a number", { host: ["2130706433:PORT"] }],
  [421, "the address of all interfaces", { host: ["0.0.0.0:PORT"] }],
  [421, "a name with a trailing dot", { host: ["localhost.:PORT"] }],
  [421, "a Host with credentials", { host: ["127.0.0.1:PORT@evil.example"] }],
  [421, "an empty Host", { host: [""] }],
  [421, "two Hosts, ours first", { host: ["127.0.0.1:PORT", "evil.example"] }],
  [421, "two Hosts, ours last", { host: ["evil.example", "127.0.0.1:PORT"] }],
  [421, "the same Host twice", { host: ["127.0.0.1:PORT", "127.0.0.1:PORT"] }],
  [421, "a foreign name for the page", { line: "GET / HTTP/1.1", host: ["evil.example:PORT"], headers: [] }],
  [
    421,
    "a foreign name for the probe",
    { line: "GET /healthz HTTP/1.1", host: ["evil.example"], headers: [] },
  ],
  [421, "no Host", { host: [] }],

  [403, "a foreign Origin", { headers: [bearer, "Origin: https://evil.example"] }],
  [403, "Origin null", { headers: [bearer, "Origin: null"] }],
  [
    403,
    "a message to the chat from nowhere",
    { line: post("/api/chat"), headers: [bearer, json, "Origin: null"], body: '{"message":"run all"}' },
  ],
  [403, "an empty Origin", { headers: [bearer, "Origin:"] }],
  [403, "another port's Origin", { headers: [bearer, "Origin: http://127.0.0.1:1"] }],
  [403, "our Origin by https", { headers: [bearer, "Origin: https://127.0.0.1:PORT"] }],
  [403, "two Origins, ours first", { headers: [bearer, `Origin: ${own}`, "Origin: https://evil.example"] }],
  [403, "a fetch from another site", { headers: [bearer, "Sec-Fetch-Site: cross-site"] }],
  [403, "a fetch from another port of this machine", { headers: [bearer, "Sec-Fetch-Site: same-site"] }],
  [
    403,
    "navigation to the API from another site",
    {
      headers: [bearer, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"],
    },
  ],
  [
    403,
    "a foreign page that frames ours",
    {
      line: "GET / HTTP/1.1",
      headers: ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"],
    },
  ],
  [
    403,
    "a foreign page that loads our script",
    {
      line: "GET /_next/static/chunks/a.js HTTP/1.1",
      headers: ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: script"],
    },
  ],

  [401, "no token", { headers: [] }],
  [401, "a wrong token", { headers: ["Authorization: Bearer wrong"] }],
  [401, "another scheme", { headers: [`Authorization: Basic ${TOKEN}`] }],
  [401, "the token twice", { headers: [bearer, bearer] }],
  [401, "the token in the address", { line: `GET /api/status?token=${TOKEN} HTTP/1.1`, headers: [] }],
  [401, "the token in a cookie", { headers: [`Cookie: token=${TOKEN}`] }],
  [401, "the event stream without a token", { line: "GET /api/status/stream HTTP/1.1", headers: [] }],
  [
    401,
    "a message to the chat without a token",
    { line: post("/api/chat"), headers: [json], body: '{"message":"run all"}' },
  ],
  [401, "a step's token that was made up", { headers: [`Authorization: Bearer tos_${"A".repeat(43)}`] }],
  [
    401,
    "an address that does not exist, without a token",
    { line: "GET /api/nothing HTTP/1.1", headers: [] },
  ],

  [415, "a form", { line: post("/api/step"), headers: [bearer, "Content-Type: text/plain"], body: "{}" }],
  [
    415,
    "a yes to a proposal as a form",
    {
      line: post("/api/chat/apply"),
      headers: [bearer, "Content-Type: application/x-www-form-urlencoded"],
      body: "proposal=01",
    },
  ],
  [415, "no content type", { line: post("/api/step"), body: "{}" }],
  [
    415,
    "two content types",
    { line: post("/api/step"), headers: [bearer, json, "Content-Type: text/plain"], body: "{}" },
  ],
  [
    415,
    "another charset",
    { line: post("/api/step"), headers: [bearer, `${json}; charset=utf-7`], body: "{}" },
  ],
  [
    415,
    "a compressed body",
    { line: post("/api/step"), headers: [bearer, json, "Content-Encoding: gzip"], body: "{}" },
  ],
  [
    413,
    "a body announced as too large",
    { line: post("/api/step"), headers: [bearer, json, "Content-Length: 1048577"] },
  ],
  [
    400,
    "JSON nested a hundred thousand deep",
    {
      line: post("/api/step"),
      headers: [bearer, json],
      body: `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
    },
  ],
  [400, "half of a JSON body", { line: post("/api/step"), headers: [bearer, json], body: '{"action":' }],
  [400, "a JSON body that is no object", { line: post("/api/step"), headers: [bearer, json], body: "[]" }],
  [
    413,
    "a body that is too large without saying so",
    {
      line: post("/api/step"),
      headers: [bearer, json, "Transfer-Encoding: chunked", "", `100001\r\n${"a".repeat(0x100001)}\r\n0\r\n`],
    },
  ],
  [400, "a body on GET", { headers: [bearer], body: "{}" }],
  [
    400,
    "both lengths at once (smuggling)",
    {
      line: post("/api/step"),
      headers: [bearer, json, "Transfer-Encoding: chunked"],
      body: "{}",
    },
  ],

  [405, "PUT", { line: "PUT /api/step HTTP/1.1" }],
  [405, "DELETE", { line: "DELETE /api/step HTTP/1.1" }],
  [
    405,
    "a preflight",
    {
      line: "OPTIONS /api/step HTTP/1.1",
      headers: [`Origin: ${own}`, "Access-Control-Request-Method: POST"],
    },
  ],
  [405, "TRACE", { line: "TRACE / HTTP/1.1" }],
  [405, "CONNECT", { line: "CONNECT evil.example:80 HTTP/1.1" }],
  [405, "HEAD on the API", { line: "HEAD /api/status HTTP/1.1" }],
  [405, "POST to the page", { line: post("/"), headers: [json], body: "{}" }],
  [405, "POST to a view", { line: post("/api/status"), headers: [bearer, json], body: "{}" }],
  [405, "GET of what can only be done", { line: "GET /api/run HTTP/1.1" }],
  [400, "an unknown method", { line: "STEAL /api/status HTTP/1.1" }],
  [
    400,
    "a web socket",
    { headers: [bearer, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"] },
  ],

  [
    400,
    "the header that once switched middleware off",
    { headers: [bearer, "x-middleware-subrequest: middleware:middleware"] },
  ],
  [400, "a proxy's word for the host", { headers: [bearer, "X-Forwarded-Host: evil.example"] }],
  [400, "a proxy's word for the client", { headers: [bearer, "Forwarded: for=127.0.0.1"] }],
  [400, "a server action", { line: "GET / HTTP/1.1", headers: ["Next-Action: 0123"] }],
  [400, "a rewritten path", { headers: [bearer, "x-invoke-path: /api/status"] }],
  [400, "a method in disguise", { headers: [bearer, "X-HTTP-Method-Override: POST"] }],
  [
    400,
    "a hundred and more headers",
    { headers: [bearer, ...Array.from({ length: 100 }, (_, i) => `x-${i}: 1`)] },
  ],
  [400, "64 KB of headers", { headers: [bearer, `x: ${"a".repeat(65_536)}`] }],
  [400, "a NUL in a header", { headers: [bearer, "x: a\0b"] }],

  [400, "two slashes", { line: "GET //api/status HTTP/1.1" }],
  [400, "two slashes inside", { line: "GET /api//status HTTP/1.1" }],
  [400, "an escaped slash", { line: "GET /%2fapi/status HTTP/1.1" }],
  [400, "an escaped letter", { line: "GET /%61pi/status HTTP/1.1" }],
  [400, "a dot segment", { line: "GET /x/../api/status HTTP/1.1" }],
  [400, "a dot segment at the start", { line: "GET /../api/status HTTP/1.1" }],
  [400, "a single dot as a segment", { line: "GET /api/./status HTTP/1.1" }],
  [400, "a backslash", { line: "GET /api\\status HTTP/1.1" }],
  [400, "a NUL escape", { line: "GET /api/status%00 HTTP/1.1" }],
  [400, "a slash at the end", { line: "GET /api/status/ HTTP/1.1" }],
  [400, "a whole URL", { line: "GET http://127.0.0.1:PORT/api/status HTTP/1.1" }],
  [400, "a very long address", { line: `GET /api/status?${"a".repeat(5000)} HTTP/1.1` }],
  [404, "a page that does not exist", { line: "GET /index.rsc HTTP/1.1", headers: [] }],
  [404, "the API's own address", { line: "GET /api HTTP/1.1" }],
  [404, "an address of the API that does not exist", { line: "GET /api/nothing HTTP/1.1" }],
];

describe("the guard answers", () => {
  test.each(cases)("%i to %s", async (status, _, sketch) => {
    const answer = await sendRaw(server.port, Buffer.from(write(sketch), "latin1"));
    expect(answer.status).toBe(status);
    expect(answer.head).not.toMatch(/access-control-/i);
    if (answer.body !== "" && status >= 400 && !answer.body.includes("<!DOCTYPE")) {
      const { error, code } = JSON.parse(answer.body) as {
        error: { code: string; message: string };
        code: string;
      };
      expect(error.code).toBe(code);
      expect(error.message).not.toBe("");
    }
  });

  test("every refusal without letting the request through", async () => {
    const before = server.reached();
    for (const [status, , sketch] of cases.filter(
      ([status]) => status === 421 || status === 403 || status === 401,
    )) {
      expect((await sendRaw(server.port, write(sketch))).status).toBe(status);
    }
    expect(server.reached()).toBe(before);
  });

  test("with headers that lock the answer in", async () => {
    const refused = await sendRaw(server.port, write({ headers: [] }));
    const data = await sendRaw(server.port, write({}));
    const page = await sendRaw(server.port, write({ line: "GET / HTTP/1.1", headers: [] }));
    for (const { head } of [refused, data, page]) {
      expect(head).toMatch(/^x-content-type-options: nosniff$/im);
      expect(head).toMatch(/^referrer-policy: no-referrer$/im);
      expect(head).toMatch(/^cross-origin-opener-policy: same-origin$/im);
      expect(head).toMatch(/^cross-origin-resource-policy: same-origin$/im);
      expect(head).toMatch(/^x-frame-options: DENY$/im);
      expect(head).toMatch(/^cache-control: no-store$/im);
    }
    expect(refused.head).toMatch(/^content-security-policy: default-src 'none'/im);
    expect(data.head).toMatch(/^content-security-policy: default-src 'none'/im);
    expect(page.head).toMatch(/^content-security-policy: default-src 'self'/im);
    expect(refused.head).toMatch(/^www-authenticate: Bearer$/im);
  });

  test("on the loopback address alone", () => {
    expect(server.server.address()).toMatchObject({ address: "127.0.0.1", family: "IPv4" });
  });
});

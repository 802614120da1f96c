import { afterEach, expect, test } from "bun:test";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createChatApi } from "../../components/chat/chat-api";
import { createApi } from "../../components/state/api";

const browsers = globalThis.fetch;
const servers: Server[] = [];
afterEach(() => {
  globalThis.fetch = browsers;
  for (const server of servers.splice(0)) server.close();
});

/** The page's own `fetch` with a server behind it that has done what it was asked, and answers that way. */
async function served(answer: (response: ServerResponse) => void): Promise<void> {
  const server = createServer((_, response) => answer(response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  globalThis.fetch = ((path: string, init: RequestInit) => browsers(origin + path, init)) as typeof fetch;
}

const cutInBody = (response: ServerResponse) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
  response.write('{"proposal":', () => response.destroy());
};
const noAnswer = (response: ServerResponse) => response.destroy();

test.each([
  ["amid the answer", cutInBody, "the server's answer was cut off"],
  ["before the answer", noAnswer, "the server can't be reached"],
])(
  "a line that breaks %s is told as that, and nobody claims that nothing was changed",
  async (_, answer, message) => {
    await served(answer);
    const refusal = { code: "unreachable", message, hint: "look whether it was done before you try again" };
    const call = { action: "step.add", input: { id: "a" } };
    expect(await createApi("t", () => undefined).send(call)).toMatchObject({ kind: "refused", refusal });
    const chat = createChatApi("t", () => undefined);
    expect(await chat.apply({ proposal: "p" })).toMatchObject({ kind: "refused", refusal });
  },
);

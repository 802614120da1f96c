import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

/** `key=value …` as an object. */
const read = (pairs: readonly string[]) =>
  Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );

/** `post <port> <path> key=value …`: asks the API as a program in a step can. */
async function post([port, path, ...pairs]: string[]): Promise<number> {
  const { token, ...body } = read(pairs);
  const headers = {
    "content-type": "application/json",
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  console.log(await answer.text());
  return answer.ok ? 0 : 1;
}

/** `mcp <program…> -- <tool> key=value …`: starts the MCP server where it stands and calls a tool. */
async function mcp(words: string[]): Promise<number> {
  const at = words.indexOf("--");
  const [command = "", ...args] = words.slice(0, at);
  const [name = "", ...pairs] = words.slice(at + 1);
  const client = new Client({ name: "obedient", version: "1" });
  await client.connect(
    new StdioClientTransport({ command, args, env: process.env as Record<string, string> }),
  );
  const { isError, content } = await client.callTool({ name, arguments: read(pairs) });
  console.log(JSON.stringify(content));
  await client.close();
  return isError ? 1 : 0;
}

const [what, ...rest] = process.argv.slice(2);
process.exitCode = what === "post" ? await post(rest) : await mcp(rest);

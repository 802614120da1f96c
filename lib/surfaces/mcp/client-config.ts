/** What a client's configuration needs to start this server for a workspace; the form that Claude Code and most others read. */
export function clientConfig(program: readonly string[], root: string): object {
  const [command, ...args] = program;
  return { mcpServers: { threados: { type: "stdio", command, args: [...args, "-C", root, "mcp"] } } };
}

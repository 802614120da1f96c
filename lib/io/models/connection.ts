import type { ChatConfig } from "./config";

/** What every SDK is told of its connection: whom to ask with which key, and neither to retry nor to print by itself. */
export function connection(config: ChatConfig, usualUrl: string) {
  return {
    apiKey: config.secret ?? "none",
    baseURL: config.base_url ?? usualUrl,
    maxRetries: 0,
    logLevel: "off",
  } as const;
}

import type { NextConfig } from "next";
import manifest from "./package.json" with { type: "json" };

const config: NextConfig = {
  output: "standalone",
  outputFileTracingRoot: import.meta.dirname,
  // Neither is ever asked for: images are not resized, and Bun starts the server, not the other way round.
  outputFileTracingExcludes: {
    "*": ["node_modules/sharp/**", "node_modules/@img/**", "node_modules/bun/**", "node_modules/@oven/**"],
  },
  images: { unoptimized: true },
  // The same sources give the same files.
  generateBuildId: () => manifest.version,
  poweredByHeader: false,
  // The server speaks to its own machine only, and a compressor would hold back the event stream.
  compress: false,
  reactStrictMode: true,
  devIndicators: false,
  // `npm run check` has the types of everything, tests included; whoever only sets up needn't wait for them.
  typescript: { ignoreBuildErrors: true },
};

export default config;

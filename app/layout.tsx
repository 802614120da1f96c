import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { themeScript } from "../components/state/theme-script";
import "./globals.css";

/** What the browser is told about the page; the title follows the run once it is known. */
export const metadata: Metadata = {
  title: "ThreadOS",
  description: "Threads of work by coding agents and commands.",
  openGraph: {
    type: "website",
    siteName: "ThreadOS",
    title: "ThreadOS",
    description: "Threads of work by coding agents and commands.",
  },
  robots: { index: false, follow: false },
  referrer: "no-referrer",
};

/** Both colour schemes; the tokens follow the system's choice, or the one that was made in the palette. */
export const viewport: Viewport = { colorScheme: "light dark" };

/** The frame of every page. */
export default function Layout({ children }: { children: ReactNode }) {
  return (
    // What was chosen here stands in it before the page's own program comes.
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a text of our own, which the content policy names by its hash */}
        <script dangerouslySetInnerHTML={{ __html: themeScript }} />
      </head>
      <body>{children}</body>
    </html>
  );
}

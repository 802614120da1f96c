import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
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

/** Both colour schemes; the tokens follow the system's choice. */
export const viewport: Viewport = { colorScheme: "light dark" };

/** The frame of every page. */
export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}

"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useMemo } from "react";
import { setTheme, type Theme, useTheme } from "../state/theme";
import type { Command } from "./command";

const themes: [theme: Theme, title: string, icon: Command["icon"]][] = [
  ["light", "Light colours", Sun],
  ["dark", "Dark colours", Moon],
  ["system", "The system's colours", Monitor],
];

/** The colours that are not shown now. */
export function useThemeCommands(): Command[] {
  const now = useTheme(({ theme }) => theme);
  return useMemo(
    () =>
      themes
        .filter(([theme]) => theme !== now)
        .map(([theme, title, icon]) => ({
          id: `theme-${theme}`,
          title,
          icon,
          words: "theme scheme mode appearance colors",
          run: () => setTheme(theme),
        })),
    [now],
  );
}

import type { ITheme } from "@xterm/xterm";

const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

/** The page's own colours for a terminal, light or dark. */
export function terminalTheme(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const theme: Record<string, string> = {
    background: token("inset"),
    foreground: token("ink"),
    cursor: token("ink"),
    cursorAccent: token("inset"),
    selectionBackground: token("line-strong"),
    brightBlack: token("ansi-8"),
  };
  for (const [index, name] of names.entries()) {
    theme[name] = token(`ansi-${index}`);
    if (index > 0) theme[`bright${name.charAt(0).toUpperCase()}${name.slice(1)}`] = token(`ansi-${index}`);
  }
  return theme;
}

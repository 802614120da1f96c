import { beforeAll, describe, expect, test } from "bun:test";

type Scheme = Record<string, string>;
const schemes: Record<"light" | "dark", Scheme> = { light: {}, dark: {} };

beforeAll(async () => {
  const css = await Bun.file(`${import.meta.dir}/../../app/globals.css`).text();
  const [light = ""] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, body]) => body);
  const dark = /@variant dark \{([^}]*)\}/.exec(css)?.[1] ?? "";
  const read = (body: string) =>
    Object.fromEntries(
      [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name, hex]),
    );
  schemes.light = read(light);
  schemes.dark = { ...schemes.light, ...read(dark) };
});

const channels = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const luminance = (rgb: number[]) => {
  const [r = 0, g = 0, b = 0] = rgb.map((value) => linear(value / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: number[], b: number[]) => {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
};
/** What `color-mix(in srgb, over share%, ground)` gives. */
const mix = (over: number[], ground: number[], share: number) =>
  ground.map((value, i) => value + ((over[i] ?? 0) - value) * share);

const texts = ["ink", "muted", "faint"];
const code = ["yaml-key", "yaml-text", ...Array.from({ length: 9 }, (_, i) => `ansi-${i}`)];
const tones =
  "blocked ready queued running stopping retrying human done failed skipped canceled pending approved rejected unknown".split(
    " ",
  );
const enough = 4.5;

describe.each(["light", "dark"] as const)("in the %s scheme", (name) => {
  const rgb = (token: string) => channels(schemes[name][token] ?? "");

  test.each(texts)("%s is readable on every surface", (text) => {
    for (const ground of ["canvas", "surface", "inset", "hover"]) {
      expect(contrast(rgb(text), rgb(ground))).toBeGreaterThanOrEqual(enough);
    }
  });

  test.each(code)("%s is readable where code stands", (text) => {
    expect(contrast(rgb(text), rgb("inset"))).toBeGreaterThanOrEqual(enough);
  });

  test.each(tones)("%s is readable on surfaces and on its own tints", (tone) => {
    for (const ground of ["surface", "canvas", "hover"]) {
      expect(contrast(rgb(tone), rgb(ground))).toBeGreaterThanOrEqual(enough);
    }
    const tint = mix(rgb(tone), rgb("surface"), 0.05);
    expect(contrast(rgb(tone), tint)).toBeGreaterThanOrEqual(enough);
    for (const text of texts) expect(contrast(rgb(text), tint)).toBeGreaterThanOrEqual(enough);
  });

  test("where a node ends is seen on the canvas, in the dark without a shadow", () => {
    expect(contrast(rgb("node-line"), rgb("canvas"))).toBeGreaterThanOrEqual(name === "dark" ? 3 : 1.6);
  });

  test("every tone has a colour of its own among those that mean different things", () => {
    const meanings =
      "ready queued running stopping retrying human done failed skipped canceled rejected".split(" ");
    expect(new Set(meanings.map((tone) => schemes[name][tone])).size).toBe(meanings.length);
  });
});

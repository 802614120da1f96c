import { describe, expect, test } from "bun:test";
import { loadCode, NotLoaded } from "../../components/state/code";

/** Code that does not arrive so many times, as a bundler says it. */
function arriving(after: number) {
  let asked = 0;
  return async () => {
    asked += 1;
    if (asked > after) return `asked ${asked}`;
    throw Object.assign(new Error("Failed to load chunk"), { name: "ChunkLoadError" });
  };
}

const [up, away] = [async () => true, async () => false];
const why = (loading: Promise<unknown>) => loading.catch((error: unknown) => error);

describe("code of the page", () => {
  test("that did not arrive while the server is away is asked for again when somebody tries again", async () => {
    const code = arriving(1);
    expect(await why(loadCode(code, away))).toMatchObject({ isGone: false });
    expect(await loadCode(code, away)).toBe("asked 2");
  });

  test("is asked for twice where the server answers, and is gone if it still does not have it", async () => {
    expect(await loadCode(arriving(1), up)).toBe("asked 2");
    const error = await why(loadCode(arriving(9), up));
    expect(error).toBeInstanceOf(NotLoaded);
    expect(error).toMatchObject({ isGone: true });
  });

  test("that fails itself is told as it failed", async () => {
    const fault = new TypeError("x is undefined");
    expect(await why(loadCode(() => Promise.reject(fault), up))).toBe(fault);
  });
});

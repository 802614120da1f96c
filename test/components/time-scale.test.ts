import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { saySpan } from "../../components/dock/replay-tools";
import { ticksOf, timeScale } from "../../components/dock/time-scale";

const moments = fc
  .uniqueArray(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 30 })
  .map((times) => times.sort((a, b) => a - b));

describe("the scale of a timeline", () => {
  test.each([true, false])("leads from times to places and back, in order (folded: %p)", (folded) => {
    fc.assert(
      fc.property(moments, fc.nat(5000), fc.double({ min: 0, max: 1, noNaN: true }), (times, more, share) => {
        const to = (times.at(-1) ?? 0) + more;
        const scale = timeScale(times, to, folded);
        const places = times.map((time) => scale.at(time));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect(Math.abs(scale.at(scale.timeAt(share)) - share)).toBeLessThan(
          to > (times[0] ?? 0) ? 1e-6 : 1.1,
        );
        expect(scale.at((times[0] ?? 0) - 5)).toBe(0);
        if (to > (times[0] ?? 0)) expect(scale.at(to + 5)).toBe(1);
      }),
    );
  });

  test("gives a night of waiting less room when it is folded", () => {
    const night = 8 * 3_600_000;
    const times = [0, 1000, 1000 + night, 2000 + night];
    expect(timeScale(times, 2000 + night, false).at(1000)).toBeLessThan(0.001);
    expect(timeScale(times, 2000 + night, true).at(1000)).toBeGreaterThan(0.005);
  });
});

test("a run that has not ended took no time yet: it is said for how long it has been open", () => {
  expect(saySpan(140_000, null, true)).toBe("open for 2 m 20 s");
  expect(saySpan(3200, null, false)).toBe("took 3.2 s");
  expect(saySpan(140_000, 3200, true)).toBe("3.2 s of 2 m 20 s");
});

test("the marks of an axis are round times within it, and not too many", () => {
  expect(ticksOf(2200, 8)).toEqual([0, 500, 1000, 1500, 2000]);
  expect(ticksOf(0, 8)).toEqual([0]);
  for (const duration of [1, 777, 123_456, 9e7, 9e9])
    expect(ticksOf(duration, 8).length).toBeLessThanOrEqual(9);
});

/** Where a time stands between 0 and 1, and back. Times are ms. */
export interface TimeScale {
  at(time: number): number;
  timeAt(share: number): number;
}

/**
 * A scale over the times at which something happened. `folded` gives each stretch in between the root of its length, so
 * that a night of waiting leaves room for the rest.
 */
export function timeScale(moments: readonly number[], to: number, folded: boolean): TimeScale {
  const from = moments[0] ?? 0;
  const times = [...moments.filter((time) => time < to), Math.max(to, from + 1)];
  const places = [0];
  for (let i = 1; i < times.length; i++) {
    const gap = (times[i] ?? 0) - (times[i - 1] ?? 0);
    places.push((places[i - 1] ?? 0) + (folded ? Math.sqrt(gap) : gap));
  }
  const all = places.at(-1) || 1;
  const between = (value: number, xs: readonly number[], ys: readonly number[]) => {
    const after = Math.max(
      1,
      xs.findIndex((x) => x >= value) < 0 ? xs.length - 1 : xs.findIndex((x) => x >= value),
    );
    const [x0 = 0, x1 = 1, y0 = 0, y1 = 1] = [xs[after - 1], xs[after], ys[after - 1], ys[after]];
    return x1 === x0 ? y0 : y0 + ((value - x0) / (x1 - x0)) * (y1 - y0);
  };
  if (times.length < 2) return { at: () => 0, timeAt: () => from };
  return {
    at: (time) => Math.min(1, Math.max(0, between(time, times, places) / all)),
    timeAt: (share) => Math.min(to, Math.max(from, between(share * all, places, times))),
  };
}

/** A few round times from 0 on that fit below a duration, in ms. */
export function ticksOf(duration: number, most: number): number[] {
  const steps = [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3, 1800e3,
  ];
  const hours = [1, 2, 6, 12, 24, 48, 168].map((hour) => hour * 3_600_000);
  const step = [...steps, ...hours].find((each) => duration / each <= most) ?? duration;
  const ticks: number[] = [];
  for (let time = 0; time <= duration && ticks.length <= most; time += step) ticks.push(time);
  return ticks;
}

// The least that running `true` n times in some lanes can cost in this runtime: nothing is recorded, nothing is checked.
const [n, lanes] = process.argv.slice(2).map(Number) as [number, number];
let started = 0;
await Promise.all(
  Array.from({ length: lanes }, async () => {
    while (started < n) {
      started += 1;
      await Bun.spawn(["true"], { stdio: ["ignore", "ignore", "ignore"] }).exited;
    }
  }),
);

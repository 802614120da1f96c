import { tryLock } from "../../lib/io/files/kernel-lock";

// A process of its own: takes the lock named on its command line, says whether it got it, and holds it until its input ends.
console.log(tryLock(process.argv[2] as string) ? "held" : "busy");
Bun.gc(true);
await Bun.stdin.text();

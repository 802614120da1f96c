import { understand } from "/tmp/w/s4f/lib/core/chat/understand";
import { lineReader } from "/tmp/w/s4f/lib/surfaces/cli/line-reader";
import { worldOf } from "/tmp/w/s4f/test/core/chat/rig";

const steps = [
  { id: "build", name: "Make it", command: ["make"] },
  { id: "unit-tests", depends_on: ["build"], command: ["make"] },
  { id: "e2e-tests", depends_on: ["build"], command: ["make"] },
  { id: "lint", command: ["true"] },
  { id: "deploy", depends_on: ["unit-tests", "review"], command: ["make"] },
];
const gates = [{ id: "review", name: "Look at it", depends_on: ["build"], shows: ["build"] }];
const w = worldOf(steps as any, gates as any, { lint: "FAILED" }, await lineReader());
for (const m of process.argv.slice(2)) console.log(m, "\n   =>", JSON.stringify(understand(m, w)));

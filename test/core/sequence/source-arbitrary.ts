import fc from "fast-check";
import { shape } from "./source-shape";
import { Writer, type Written } from "./source-writer";

/** Documents with comments before, behind and between, all ways of quoting, blank lines, flow and block mixed. */
export const written: fc.Arbitrary<Written> = shape.map((s) => new Writer(s).write());

// Separated by ¦, as they hold all else.
const fragments =
  ` ¦  ¦\n¦\n\n¦: ¦:¦- ¦-¦#¦ #¦[¦]¦{¦}¦,¦"¦'¦|¦|-¦|+¦|2¦>¦&a¦*a¦!t¦? ¦~¦null¦true¦0x1f¦1e3¦-1¦+1¦01¦.5¦1.¦\t¦\r\n¦\r¦\\¦\\n¦%¦@¦\`¦---¦...` +
  `¦a¦key: v¦é¦\u00a0¦\u2028¦\u0085¦\ufeff¦<<: ¦__proto__: 1¦\n  ¦\n    ¦   \n¦=¦''¦""¦x: |\n      y\n`;
const damage = fc.record({
  at: fc.nat(),
  remove: fc.nat(4),
  insert: fc.constantFrom("", "", ...fragments.split("¦")),
  copied: fc.constantFrom(0, 0, 0, 10, 20),
});

/** Documents with random damage: mostly not what they were, often no YAML. */
export const mangled: fc.Arbitrary<string> = fc
  .tuple(written, fc.array(damage, { minLength: 1, maxLength: 4 }))
  .map(([{ text }, damages]) =>
    damages.reduce((current, { at, remove, insert, copied }) => {
      const from = at % (current.length + 1);
      return (
        current.slice(0, from) + insert + current.slice(from, from + copied) + current.slice(from + remove)
      );
    }, text),
  );

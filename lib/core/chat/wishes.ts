import { countOf } from "../count";
import { type Clause, newName, type Reader, stepOf, textOf } from "./clause";
import { stepEdit } from "./edits";
import { findExact, findNode, findNodes } from "./nodes";
import { literalOf, match, pattern } from "./phrase";
import { agentName, agentWords } from "./place";
import { call, decline, propose, type Reading } from "./reading";
import { numberWords, readDuration, readNumber } from "./values";

/** A wish told by its own words; undefined where what it names is not found, so that another reading may fit. */
type Wish = readonly [
  patterns: readonly RegExp[],
  read: (clause: Clause, found: Record<string, string>) => Reading | undefined,
];

/** One step, of which people also say `the unit tests` for `unit`. */
function stepIn({ world, phrase }: Clause, words: string): string | undefined {
  const found = findNode(world, phrase, words, "step");
  return found.ok ? found.id : findExact(world, phrase, words.replace(/ (?:tests?|checks?)$/i, ""), "step");
}

function stepsIn({ world, phrase }: Clause, words: string): string[] {
  const found = findNodes(world, phrase, words, "step");
  return found.ok ? found.ids : [];
}

const each = (ids: readonly string[], change: Record<string, unknown>): Reading | undefined =>
  ids.length > 0 ? propose(ids.map((id) => call("step.edit", { id, ...change }))) : undefined;

const side = "(?:in parallel|side by side|concurrently|at the same time|simultaneously)";
const called = "(?:(?:called|named|with the name) )?";
const size = "(?<amount>\\d+(?:\\.\\d+)?) ?(?<unit>g|gb|gib|gigabytes?|m|mb|mib|megabytes?)";
const memory = "(?:memory|ram)";
const most = "(?:at most |up to |no more than |a maximum of |max )?";

const wishes: readonly Wish[] = [
  [
    [
      pattern(
        "(?:wait|pause|leave|have) (?<wait>.+?) (?:(?:of )?(?:pause |wait )?)?(?:between|in between|before) (?:the |each |every |any )?(?:retries|retry|attempts?|tries) (?:of|for|on) <ref>",
      ),
      pattern(
        "(?:set|make|change) (?:the )?(?:retry )?(?:backoff|back-off|retry delay|delay between retries|pause between retries) (?:of|for|on) <ref> (?:to )?(?<wait>.+)",
      ),
    ],
    (clause, { ref = "", wait = "" }) => {
      const id = stepIn(clause, ref);
      const backoff_ms = readDuration(wait);
      if (id === undefined || backoff_ms === undefined) return undefined;
      const retry = stepOf(clause.world, id)?.retry;
      return retry
        ? stepEdit(id, { retry: { ...retry, backoff_ms } })
        : decline(
            `'${id}' is not tried again so far, so there is nothing to wait between. Say how often it may be.`,
            `retry ${id} 2 times with a ${wait} backoff`,
          );
    },
  ],
  [
    [
      pattern(
        `(?:run|try|repeat|execute|do) <ref> ${most}(?<times>${numberWords}) ?(?:times|x)(?: in a row)? (?:until|till) (?:it |they )?(?:passes|pass|succeeds?|works?|is green|goes through)`,
      ),
      pattern(
        "(?:run|try|repeat|execute|do) <ref> (?:until|till) (?:it |they )?(?:passes|pass|succeeds?|works?|is green|goes through)",
      ),
    ],
    (clause, { ref = "", times = "" }) => {
      const id = stepIn(clause, ref);
      if (id === undefined) return undefined;
      const tries = readNumber(times);
      const retries = Math.max(1, Math.min(10, Math.floor(tries ?? 4) - 1));
      const sum = tries === undefined ? "as often as you say" : `${tries} times in all`;
      return decline(
        `A step is tried again only where it failed, and a number bounds that: ${sum} are its first attempt and its retries.`,
        `retry ${id} ${countOf(retries, "time")}`,
      );
    },
  ],
  [
    [
      pattern(
        `(?:run|execute|start) <ref> (?<times>${numberWords}) ?(?:times|x)(?: in a row| in total| over)?`,
      ),
    ],
    (clause, { ref = "", times = "" }) => {
      const id = stepIn(clause, ref);
      const count = readNumber(times);
      if (id === undefined || count === undefined || count < 2) return undefined;
      return decline(
        `'${id}' runs once in each run. Several at a time are a fan-out, another try after a failure is a retry.`,
        `fan out ${id} ${count} times`,
        `retry ${id} ${countOf(Math.min(10, count - 1), "time")}`,
      );
    },
  ],
  [
    [
      pattern(
        "(?:run|start|execute|put|have|let|make|do) <refs> (?:to )?(?:run |work )?(?:in|inside|within) (?:a |an |its |their )?(?:own |separate |isolated )?(?:git )?worktrees?(?: of (?:its|their) own)?",
      ),
      pattern(
        "<refs> (?:should|must|shall|has to|have to|needs to) (?:be )?(?:run|work) (?:in|inside|within) (?:a |its |their )?(?:own |separate )?(?:git )?worktrees?",
      ),
      pattern("isolate <refs>(?: in (?:a |its |their )?(?:own )?(?:git )?worktrees?)?"),
    ],
    (clause, { refs = "" }) => each(stepsIn(clause, refs), { isolation: "worktree" }),
  ],
  [
    [
      pattern(
        "(?:do not|never) (?:let|allow) <ref> (?:to )?(?:run|take|last|go on|work) (?:for )?(?:longer|more) than (?<limit>.+)",
      ),
    ],
    (clause, { ref = "", limit = "" }) => {
      const id = stepIn(clause, ref);
      const timeout_ms = readDuration(limit);
      return id === undefined || timeout_ms === undefined ? undefined : stepEdit(id, { timeout_ms });
    },
  ],
  [
    [
      pattern(
        "give <ref> an? (?<limit>.+?) time ?-?out,? (?:and|with|plus) (?<times>.+?) (?:retries|retry|tries)",
      ),
    ],
    (clause, { ref = "", limit = "", times = "" }) => {
      const id = stepIn(clause, ref);
      const timeout_ms = readDuration(limit);
      const retries = readNumber(times);
      if (id === undefined || timeout_ms === undefined || retries === undefined) return undefined;
      if (!Number.isInteger(retries) || retries < 0) return undefined;
      const retry = { ...stepOf(clause.world, id)?.retry, limit: retries };
      return stepEdit(id, { timeout_ms, retry });
    },
  ],
  [
    [
      pattern(
        "(?:(?:set|change|edit|make|put|add|remove|give|use|tag|limit|retry|sandbox|isolate|export|pass|apply) .+ )(?:of|for|on|to|in|from|with) (?:all|every|each)(?: of)?(?: the)?(?: steps?| tasks?| jobs?)?",
      ),
      pattern(
        "(?:retry|tag|limit|sandbox|isolate) (?:all|every|each)(?: of)?(?: the)?(?: steps?| tasks?| jobs?)(?: .+)?",
      ),
    ],
    ({ world, text }) => {
      const ids = (world.sequence.steps ?? []).map(({ id }) => id);
      if (ids.length === 0) return undefined;
      const every = /(?:all|every|each)(?: of)?(?: the)?(?: steps?| tasks?| jobs?)?/i;
      const first = text.replace(every, ids[0] as string);
      // What is quoted stands there as a sign only, and can't be repeated.
      const tries = first.includes("«") || first === text ? [] : [first];
      return decline(
        "I change steps by their names, one or several; say which.",
        ...tries,
        "what steps are there",
      );
    },
  ],
  [
    [
      pattern(
        `(?:(?:make|let|have) )?<ref> (?:(?:should|must|shall) )?(?:be )?(?:retry|retried|repeat|repeated|try again) (?:again )?${most}(?<times>${numberWords})(?: more)?(?: times?| x)?(?: (?:if|when) it fails)?,? (?:and )?(?:with|using|at) (?:an? )?(?:initial )?(?:(?<wait>.+) (?:backoff|back-off|delay|pause|wait)|(?:backoff|back-off|delay|pause|wait) of (?<pause>.+))(?: (?:between|in between).*)?`,
      ),
      pattern(
        `(?:retry|repeat|try) <ref> (?:again )?${most}(?<times>${numberWords})(?: more)?(?: times?| x)?(?: (?:if|when) it fails)?,? (?:and )?(?:with|using|at) (?:an? )?(?:initial )?(?:(?<wait>.+) (?:backoff|back-off|delay|pause|wait)|(?:backoff|back-off|delay|pause|wait) of (?<pause>.+))(?: (?:between|in between).*)?`,
      ),
      pattern(
        `(?:retry|repeat|try) <ref> (?:again )?${most}(?<times>${numberWords})(?: more)?(?: times?| x)?,? (?:and )?(?:waiting|wait|pausing|pause) (?<wait>.+) (?:between|in between|before each)(?: .*)?`,
      ),
    ],
    (clause, { ref = "", times = "", wait, pause }) => {
      const id = stepIn(clause, ref);
      const limit = readNumber(times);
      const backoff_ms = readDuration(wait ?? pause ?? "");
      if (id === undefined || limit === undefined || !Number.isInteger(limit) || limit < 0) return undefined;
      if (backoff_ms === undefined) return undefined;
      return stepEdit(id, { retry: { ...stepOf(clause.world, id)?.retry, limit, backoff_ms } });
    },
  ],
  [
    [
      pattern(
        `(?:run|do|execute|start|put|have|let|make) <refs> (?:run )?${side} (?:as|in|under) (?:an? |the |one )?(?:new )?group ${called}<name>`,
      ),
    ],
    (clause, { refs = "", name = "" }) => {
      const ids = stepsIn(clause, refs);
      const group = /^(?:[\w-]+|«\d+»)$/.test(name) ? newName(clause, name) : undefined;
      return group && ids.length > 1
        ? propose([call("group.parallelize", { ids, group_id: group.id })])
        : undefined;
    },
  ],
  [
    [
      pattern(
        "(?:make|let|have) <a> (?:depend (?:up)?on|wait for|follow|run after|come after) <b> (?:instead of|rather than|and not|not) (?:on |for )?<c>",
      ),
      pattern(
        "<a> (?:should|must|shall) (?:depend (?:up)?on|wait for|follow|run after|come after) <b> (?:instead of|rather than|and not) (?:on |for )?<c>",
      ),
    ],
    ({ world, phrase }, { a = "", b = "", c = "" }) => {
      const [step, dep, old] = [a, b, c].map((words) => findNode(world, phrase, words, "node"));
      if (!step?.ok || !dep?.ok || !old?.ok) return undefined;
      const node = [...(world.sequence.steps ?? []), ...(world.sequence.gates ?? [])].find(
        ({ id }) => id === step.id,
      );
      if (!node?.depends_on?.includes(old.id))
        return decline(
          `'${step.id}' does not wait for '${old.id}' itself, so there is nothing to put '${dep.id}' in the place of.`,
          `make ${step.id} depend on ${dep.id}`,
          `what does ${step.id} depend on`,
        );
      const adds = node.depends_on.includes(dep.id) ? [] : [call("dep.add", { step: step.id, dep: dep.id })];
      return propose([...adds, call("dep.rm", { step: step.id, dep: old.id })]);
    },
  ],
  [
    [
      pattern(
        "(?:remove|delete|drop|cut|take) (?:the |that )?<b> (?:dependency|dep|edge|need|prerequisite) (?:from|of|off|in) <a>",
      ),
    ],
    ({ world, phrase }, { a = "", b = "" }) => {
      const step = findNode(world, phrase, a, "node");
      const dep = findNode(world, phrase, b, "node");
      if (!step.ok || !dep.ok) return undefined;
      const node = [...(world.sequence.steps ?? []), ...(world.sequence.gates ?? [])].find(
        ({ id }) => id === step.id,
      );
      return node?.depends_on?.includes(dep.id)
        ? propose([call("dep.rm", { step: step.id, dep: dep.id })])
        : decline(`'${step.id}' does not wait for '${dep.id}' itself.`, `what does ${step.id} depend on`);
    },
  ],
  [
    [
      pattern(
        "(?:let|allow|permit) <refs> (?:to )?(?:use|have|access|reach|get) (?:the )?(?:network|internet)(?: access)?",
      ),
      pattern("(?:give|grant|allow) <refs> (?:the )?(?:network|internet)(?: access)?"),
      pattern("<refs> (?:needs?|may use|can use|should have) (?:the )?(?:network|internet)(?: access)?"),
    ],
    (clause, { refs = "" }) => each(stepsIn(clause, refs), { network: true }),
  ],
  [
    [
      pattern(
        "(?:run|start|execute|put|have|let|make) <refs> (?:to )?(?:run )?(?:in|inside) (?:the|an?) sandbox",
      ),
      pattern("<refs> (?:should|must|shall|has to|have to) (?:be )?run (?:in|inside) (?:the|an?) sandbox"),
      pattern("sandbox <refs>"),
    ],
    (clause, { refs = "" }) => each(stepsIn(clause, refs), { sandbox: "required" }),
  ],
  [
    [
      pattern(
        `(?:use|let|have|take) (?<agent>${agentWords}) (?:for|on|do|run|work on|handle) <ref>,? (?:and )?with (?:the |this )?prompt:? (?<text>«\\d+»)`,
      ),
      pattern(
        `run <ref> (?:with|by|using) (?<agent>${agentWords}),? (?:and )?(?:with |and )?(?:the |this )?prompt:? (?<text>«\\d+»)`,
      ),
    ],
    (clause, { ref = "", agent = "", text = "" }) => {
      const id = stepIn(clause, ref);
      if (id === undefined) return undefined;
      const unset = stepOf(clause.world, id)?.command === undefined ? {} : { unset: ["command"] };
      return propose([
        call("step.edit", { id, model: agentName(agent), ...unset }),
        call("prompt.edit", { id, text: `${textOf(clause, text)}\n` }),
      ]);
    },
  ],
  [
    [
      pattern(`(?:limit|restrict|cap|bound) <refs> to ${most}${size}(?: of)? ${memory}`),
      pattern(`(?:limit|restrict|cap) (?:the )?${memory} (?:of|for) <refs> to ${most}${size}`),
      pattern(`(?:give|allow|grant) <refs> ${most}${size}(?: of)? ${memory}`),
      pattern(`set (?:the )?${memory}(?: limit)? (?:of|for) <refs> to ${size}`),
    ],
    (clause, { refs = "", amount = "", unit = "" }) => {
      const memory_mb = Math.round(Number(amount) * (/^g/i.test(unit) ? 1024 : 1));
      const ids = stepsIn(clause, refs);
      if (ids.length === 0 || memory_mb < 1) return undefined;
      return propose(
        ids.map((id) =>
          call("step.edit", { id, limits: { ...stepOf(clause.world, id)?.limits, memory_mb } }),
        ),
      );
    },
  ],
  [
    [pattern("(?:make|mark|declare|set) <refs> (?:as |to )?(?:non[- ]?blocking|non[- ]?fatal)")],
    (clause, { refs = "" }) => each(stepsIn(clause, refs), { continue_on_error: true }),
  ],
  [
    [
      pattern(
        `(?:split|shard|divide|partition) <ref> (?:up )?(?:in ?to|over|across|in) (?<n>${numberWords}) (?:shards?|parts?|pieces?|chunks?|slices?)`,
      ),
    ],
    (clause, { ref = "", n = "" }) => {
      const id = stepIn(clause, ref);
      const count = readNumber(n);
      if (id === undefined || count === undefined) return undefined;
      return decline(
        `I can start '${id}' ${count} times side by side, but only its command can share the work out among them. docs/thread-types.md says what each instance is told.`,
        `fan out ${id} ${count} times`,
      );
    },
  ],
  [
    [
      pattern(
        "(?:(?:set|add|put|use|with) )?(?:the )?(?:env|environment|env var|environment variable) (?<key>[A-Z_][A-Z0-9_]*) ?= ?(?<value>«\\d+»|\\S+) (?:for|in|on|to|of) <ref>",
      ),
    ],
    (clause, { ref = "", key = "", value = "" }) => {
      const id = stepIn(clause, ref);
      if (id === undefined) return undefined;
      return stepEdit(id, { env: { ...stepOf(clause.world, id)?.env, [key]: textOf(clause, value) } });
    },
  ],
  [
    [pattern("tag (?<ref>[\\w-]+) (?<tag>«\\d+»|[\\w-]+)")],
    ({ world, phrase }, { ref = "", tag = "" }) => {
      const id = findExact(world, phrase, ref, "step");
      if (id === undefined || /^(?:with|as)$/i.test(tag)) return undefined;
      return stepEdit(id, {
        tags: [...new Set([...(stepOf(world, id)?.tags ?? []), literalOf(phrase, tag) ?? tag])],
      });
    },
  ],
  [
    [
      pattern(
        "(?:add|create|make|insert) (?:an? |the )?(?:new )?(?:step|task|job)(?: (?:called|named))? (?<name>[\\w-]+),? (?:that|which|to) (?:prints?|echo(?:es)?) (?<text>«\\d+»|[\\w-]+)",
      ),
    ],
    (clause, { name = "", text = "" }) => {
      if (findExact(clause.world, clause.phrase, name, "node") !== undefined) return undefined;
      const made = newName(clause, name);
      return made && propose([call("step.add", { ...made, command: ["echo", textOf(clause, text)] })]);
    },
  ],
];

/** Wishes that name what they change in so many words: memory, network, sandbox, a pause between retries. */
export const readWish: Reader = (clause) => {
  for (const [patterns, read] of wishes) {
    const found = match(patterns, clause.text);
    const wish = found && read(clause, found);
    if (wish) return wish;
  }
  return undefined;
};

import type { Reader } from "./clause";
import { decline, type Reading } from "./reading";

const model = "This chat runs without a model (provider offline); docs/chat.md says how to set one up.";

/** What people ask for that the chat can't do, and what helps them in its place. */
const exceptions =
  /\b(?:everything|all|anything|every (?:step|one|task|gate)|each (?:step|one)|it all)\b.{0,30}\b(?:but|except|except for|excluding|apart from|other than|besides|without)\b/i;

/** What is said of all but some is never taken for all. */
export const readException: Reader = ({ text }) =>
  exceptions.test(text) && !/^(?:what|which|who|how|is|are|show)\b/i.test(text)
    ? decline(
        "I can't do something to all but some. Name the steps that are meant, or run up to one.",
        "run <step> and <step>",
        "run up to <step>",
      )
    : undefined;

/** What a whole sequence is wanted for; no step is called so unless it is said to be one. */
const goal =
  /^(?:set up|build|create|make|add|define|introduce|design|put together|i need|i want|new) (?:me |us )?(?:(?:an?|the|my|our|some|another|new) )*(?:[\p{L}\p{N}/&+.-]+ ){0,4}(?:pipelines?|workflows?|sequences?|process(?:es)?|projects?|roadmaps?|strateg(?:y|ies)|infrastructure|automation|environment|set-?up|ci|cd|ci\/cd)(?: (?:for|to|that|which|with|around) .*)?$/iu;

/** `set up a CI pipeline for me` is a goal, and no step called so; with a place or a command it is a step all the same. */
export const readGoal: Reader = ({ text }) =>
  goal.test(text) &&
  !/«|\b(?:steps?|tasks?|jobs?|stages?|nodes?|gates?|called|named|template|after|before|between|behind|command|end of|start of)\b/i.test(
    text,
  )
    ? planning()
    : undefined;

const planning = () =>
  decline(
    `Planning a whole sequence from a goal takes a model. ${model} A template gets you started.`,
    "apply the chained template with phases plan, build and check",
    "what templates are there",
  );

const subjects: readonly (readonly [RegExp, () => Reading])[] = [
  [
    /\b(?:ignore|disregard|forget) (?:all |any |the |your )*(?:previous |prior |above |earlier )?(?:instructions?|rules|policy|prompts?)\b|\b(?:bypass|circumvent|disable|turn off|skip) (?:the )?(?:policy|approvals?|audit|guard|confirmation|safety)\b/i,
    () =>
      decline(
        "Rules, approvals and the audit log can't be switched off from here. What is allowed stands in .threados/policy.yaml, and a person edits it.",
        "show policy",
      ),
  ],
  [
    /\b(?:edit|change|delete|clear|rewrite|remove|erase|truncate|wipe|drop|alter|modify|forge|fake|purge|hide|tamper with|falsify|manipulate|shorten|empty|reset) (?:[\w ]{0,40} (?:in|of|from|to) )?(?:the |my |our |this )?(?:audit|history|records?)(?: log| trail)?\b|\b(?:audit(?: log)?|history) (?:löschen|delete)\b/i,
    () =>
      decline(
        "The audit log is only ever appended to; nothing can change or remove its entries.",
        "show the audit log",
        "verify the audit log",
      ),
  ],
  [
    /\b(?:remove|delete|drop|clear|erase|wipe|scrap|get rid of|throw away)\b.*\b(?:everything|it all|all (?:of )?(?:the |my )?(?:steps|gates|nodes)|every step|the (?:whole |entire )?(?:sequence|pipeline|workflow))\b|^start with an empty sequence$/i,
    () =>
      decline(
        "I don't propose emptying the whole sequence. Name the steps that are to go, or start a new workspace in another folder.",
        "remove <step> and <step>",
        "seqctl init",
      ),
  ],
  [
    /\b(?:every|each) (?:\w+ )?(?:night|day|morning|evening|hour|week|month|minute|monday|tuesday|wednesday|thursday|friday|saturday|sunday|\d+)\b|\b(?:schedule|cron|nightly|daily|hourly|weekly|tomorrow|tonight|at (?:\d{1,2}(?::\d\d)?(?: ?[ap]m)?|noon|midnight))\b|\bin (?:\d+|an?|two|five|ten) (?:minutes?|hours?|days?)\b/i,
    () =>
      decline(
        "ThreadOS doesn't start things by the clock yet. Let cron or a systemd timer run `seqctl run --yes` in the workspace's folder.",
        "run",
      ),
  ],
  [
    /\b(?:e-?mail|mail|slack|teams|discord|sms|text me|notify|notification|call me|ping me|message me|webhook|tweet)\b/i,
    () =>
      decline(
        "I can't send messages. A step can: give it the command of a tool that sends them, behind the step it is about.",
        'add a step notify after <step> with command "…"',
      ),
  ],
  [
    /\b(?:git|commit|push|pull request|merge request|rebase|checkout|branch|open a pr|create a pr)\b/i,
    () =>
      decline(
        "I don't touch your repository. A step can: give it the git command, and a gate before it if a person is to look first.",
        'add a step commit after <step> with command "git commit -a"',
        "put a gate before <step>",
      ),
  ],
  [
    /\b(?:install|upgrade|uninstall|npm i|pip|apt|brew|download)\b/i,
    () =>
      decline(
        "I can't install anything. Add a step that does it, so that it is in the record and can be run again.",
        'add a step install before <step> with command "npm ci"',
      ),
  ],
  [
    /\b(?:api[ -]?keys?|passwords?|credentials?|secrets?|tokens?|ssh)\b/i,
    () =>
      decline(
        "I never handle secrets. Keys belong in environment variables of the shell that starts seqctl; docs/files.md lists what steps are given.",
        "show policy",
      ),
  ],
  [
    /^(?:plan|design|draft|propose|build me|create|make|write|generate|come up with|suggest|think of|figure out|set up)?:? ?(?:an?|the|me an?)? ?(?:new )?(?:whole |complete |full )?(?:plan|sequence|workflow|pipeline|project|process|strategy|roadmap)\b|^plan\b/i,
    planning,
  ],
  [
    /\b(?:skip|bypass|mark|force|pretend)\b.*\b(?:done|skipped|complete|finished|green|success(?:ful)?|skip)\b|^(?:skip|bypass|ignore|disable|deactivate|pause|suspend|resume|hold|freeze)\b|\bpause\b/i,
    () =>
      decline(
        "Steps can't be paused, skipped or marked done by hand: a status only says what happened. A step with a condition is skipped where that does not hold; a gate holds back what comes after it.",
        'set the condition of <step> to "params.full == true"',
        "put a gate before <step>",
      ),
  ],
  [
    /\b(?:allowed_commands|forbidden|max_concurrent|max_fanout|concurrency limit|allow ?list|whitelist|policy\.yaml|sandbox|polic(?:y|ies)|permissions?)\b|\bhow many (?:steps )?(?:may|can) run at once\b/i,
    () =>
      decline(
        "Besides the mode and the sandbox, rules are changed by a person in .threados/policy.yaml; docs/files.md names every key.",
        "show policy",
        "seqctl policy sandbox required",
        "switch to SAFE",
      ),
  ],
  [
    /\b(?:change|rename|edit) (?:the )?ids?\b|\bids? of\b/i,
    () =>
      decline(
        "An id can't be changed, since runs and dependencies refer to it. Its name can; or copy the step under another id.",
        'rename <step> to "…"',
        "duplicate <step> as <new>",
      ),
  ],
  [
    /^(?:fix|debug|solve|repair|refactor|implement|code|program|write (?:a|the|some|me)|translate|summari[sz]e|explain|analy[sz]e|review (?:the |my |this )?(?:code|diff|change|pr)|optimi[sz]e|improve|document|compare|investigate|find out|understand|interpret|figure)\b/i,
    () =>
      decline(
        `That takes a model, or an agent's step. ${model}`,
        "show me the log of <step>",
        "add a step mend with claude after <step>",
      ),
  ],
  [
    /\b(?:rm|sudo|curl|wget|cat|ls|cd|mv|cp|chmod|docker|kubectl|bash|sh|shell|terminal)\b/i,
    () =>
      decline(
        "I don't run commands myself. Make it a step, so that the policy sees it and the record keeps it.",
        'add a step with command "…"',
      ),
  ],
  [
    /^(?:deploy|release|publish|ship|roll ?out|upload|host|provision)\b.*\b(?:to|on|into|in)\b/i,
    () =>
      decline(
        "I reach nothing outside this workspace. A step can, with the command that does it and a gate before it.",
        'add a step publish after <step> with command "…"',
        "put a gate before <step>",
      ),
  ],
  [
    /\b(?:how (?:much|long)|cost|price|estimate|eta|when will|how expensive|budget)\b/i,
    () =>
      decline(
        "I don't guess at time or cost. What earlier runs took is on record.",
        "show the last run",
        "seqctl runs list",
      ),
  ],
  [
    /\b(?:edit|open|read|write|create|save|delete|rename|change|show|look at)\b.*\b(?:files?|folder|directory|readme|source|\w+\.(?:ts|js|py|md|json|txt|go|rs|java))\b/i,
    () =>
      decline(
        "I only work on the sequence and its runs, not on your files. An agent's step works on files.",
        "add a step edit with claude",
        "which files did <step> leave",
      ),
  ],
];

/** The subject of a request that can't be met here, with what helps in its place. */
export const readDecline: Reader = ({ text }) => subjects.find(([about]) => about.test(text))?.[1]();

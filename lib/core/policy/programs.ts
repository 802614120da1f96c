import type { CommandClass, Finding } from "./command-class";
import { classifyGit } from "./program-git";
import { hasLong, hasShort } from "./words";

/** A flag, or several, that make a program graver than it is by itself. */
interface Raise {
  long?: string[];
  short?: string;
  /** Words that count as they are or with a value behind `=`: programs that don't read flags the common way. */
  words?: RegExp;
  to: CommandClass;
  rule: string;
  why: string;
}

/** What is known of a program. */
export interface Program {
  class: CommandClass;
  rule: string;
  why: string;
  raises?: Raise[];
  /** Judges by itself. */
  judge?: (args: readonly string[]) => Finding;
}

const table = new Map<string, Program>();

function add(names: string, program: Omit<Program, "rule"> & { rule?: string }): void {
  for (const name of names.split(" "))
    table.set(name, { ...program, rule: program.rule ?? `builtin.${name}` });
}

const runs = (rule: string, why: string, flags: Omit<Raise, "to" | "rule" | "why">): Raise => ({
  ...flags,
  to: "arbitrary-code",
  rule,
  why,
});
const writes = (rule: string, why: string, flags: Omit<Raise, "to" | "rule" | "why">): Raise => ({
  ...flags,
  to: "writes-workspace",
  rule,
  why,
});

const reads = { class: "read-only", rule: "builtin.reader", why: "it only reads" } as const;
add(
  "ls cat head tail wc stat du df pwd echo printf true false test [ basename dirname realpath readlink uname whoami id " +
    "sleep seq cut tr nl od hexdump cmp comm sha1sum sha256sum sha512sum md5sum cksum b2sum tac rev fold paste expr " +
    "nproc arch groups logname tty uptime free ps printenv egrep fgrep grep base64 strings which type join expand",
  reads,
);
add("date", {
  ...reads,
  raises: [runs("builtin.date.set", "it sets the clock", { long: ["--set"], short: "s" })],
});
add("hostname", {
  ...reads,
  raises: [
    runs("builtin.hostname.set", "it renames the machine", {
      long: ["--file", "--boot"],
      words: /^[^-]/,
      short: "bF",
    }),
  ],
});
add("file", {
  ...reads,
  raises: [
    writes("builtin.file.compile", "it writes a compiled magic file", { long: ["--compile"], short: "C" }),
    runs("builtin.file.uncompress", "it starts programs that unpack", {
      long: ["--uncompress", "--uncompress-noreport"],
      short: "zZ",
    }),
  ],
});
add("sort", {
  ...reads,
  raises: [
    runs("builtin.sort.compress-program", "a flag names a program to start", {
      long: ["--compress-program"],
    }),
    writes("builtin.sort.output", "it writes a file", { long: ["--output"], short: "o" }),
  ],
});
add("uniq", {
  ...reads,
  raises: [writes("builtin.uniq.output", "a second name is a file it writes", { words: /^[^-+]/ })],
});
add("tree", { ...reads, raises: [writes("builtin.tree.output", "it writes a file", { short: "o" })] });
add("xxd", {
  ...reads,
  raises: [writes("builtin.xxd.output", "a second name is a file it writes", { words: /^[^-]/ })],
});
add("diff", { ...reads });
add("rg", {
  ...reads,
  raises: [
    runs("builtin.rg.preprocessor", "a flag names a program to start", {
      long: ["--pre", "--hostname-bin", "--search-zip"],
      short: "z",
    }),
  ],
});
add("jq", { ...reads });
add("yq", {
  ...reads,
  raises: [
    writes("builtin.yq.in-place", "it changes files", { long: ["--in-place", "--inplace"], short: "i" }),
  ],
});
add("fd fdfind", {
  ...reads,
  rule: "builtin.fd",
  raises: [
    runs("builtin.fd.exec", "it starts a program for what it finds", {
      long: ["--exec", "--exec-batch"],
      short: "xX",
    }),
  ],
});
add("find", {
  ...reads,
  raises: [
    { words: /^-delete$/, to: "destructive", rule: "builtin.find.delete", why: "it deletes what it finds" },
    runs("builtin.find.exec", "it starts a program for what it finds", {
      words: /^-(?:exec|execdir|ok|okdir)$/,
    }),
    writes("builtin.find.output", "it writes a file", { words: /^-(?:fprint|fprint0|fprintf|fls)$/ }),
  ],
});

const changes = { class: "writes-workspace", rule: "builtin.writer", why: "it writes files" } as const;
add(
  "mkdir touch cp mv ln tee chmod chown chgrp mktemp unzip gunzip gzip bzip2 bunzip2 xz unxz zstd",
  changes,
);
add("install", {
  ...changes,
  raises: [
    runs("builtin.install.strip-program", "a flag names a program to start", {
      long: ["--strip-program", "--strip"],
      short: "s",
    }),
  ],
});
add("split csplit", {
  ...changes,
  rule: "builtin.split",
  raises: [runs("builtin.split.filter", "it pipes its pieces to a program", { long: ["--filter"] })],
});
add("patch", { ...changes });
add("tar bsdtar gtar", {
  ...changes,
  rule: "builtin.tar",
  raises: [
    runs("builtin.tar.program-flag", "a flag names a program to start", {
      long: [
        "--checkpoint-action",
        "--to-command",
        "--use-compress-program",
        "--rsh-command",
        "--rmt-command",
        "--info-script",
        "--new-volume-script",
      ],
      short: "IF",
    }),
    // The oldest way of all: letters without a dash.
    runs("builtin.tar.program-flag", "a flag names a program to start", {
      words: /^[A-Za-z]*[IF][A-Za-z]*$/,
    }),
    {
      long: ["--remove-files"],
      to: "destructive",
      rule: "builtin.tar.remove-files",
      why: "it removes what it packs",
    },
  ],
});
add("zip", {
  ...changes,
  raises: [
    runs("builtin.zip.test-command", "a flag names a program to start", {
      long: ["--unzip-command", "--test"],
      short: "T",
      words: /^-TT/,
    }),
    {
      long: ["--move"],
      short: "m",
      to: "destructive",
      rule: "builtin.zip.move",
      why: "it removes what it packs",
    },
  ],
});

const nets = { class: "network", why: "it talks to other machines" } as const;
add("curl", {
  ...nets,
  raises: [
    runs("builtin.curl.config", "a file of settings may say anything", { long: ["--config"], short: "K" }),
  ],
});
add("wget", {
  ...nets,
  raises: [
    runs("builtin.wget.program-flag", "a flag names a program or settings", {
      long: ["--use-askpass", "--execute", "--config", "--compression"],
      short: "e",
    }),
  ],
});
add("nc", {
  ...nets,
  raises: [
    runs("builtin.nc.exec", "it hands the line to a program", { short: "ec", long: ["--exec", "--sh-exec"] }),
  ],
});
add("ping host dig nslookup whois traceroute", { ...nets, rule: "builtin.network" });
add("rsync", {
  ...nets,
  raises: [
    {
      long: ["--delete", "--remove-source-files"],
      to: "destructive",
      rule: "builtin.rsync.delete",
      why: "it deletes files",
    },
    runs("builtin.rsync.program-flag", "a flag names a program to start", {
      long: ["--rsh", "--rsync-path", "--files-from", "--daemon"],
      short: "e",
    }),
  ],
});

const loses = { class: "destructive", why: "what it removes or ends does not come back" } as const;
add("rm rmdir unlink shred truncate dd mkfs wipefs fdisk sfdisk parted mkswap fstrim blkdiscard", loses);
add("mkfs.ext4 mkfs.xfs mkfs.btrfs mkfs.vfat", { ...loses, rule: "builtin.mkfs" });
add("reboot shutdown halt poweroff init telinit", { ...loses, rule: "builtin.shutdown" });
add("kill killall pkill", { ...loses, rule: "builtin.kill" });
add("userdel groupdel deluser", { ...loses, rule: "builtin.userdel" });

const code = (rule: string, why: string) => ({
  class: "arbitrary-code" as const,
  rule: `builtin.${rule}`,
  why,
});
add(
  "sh bash dash zsh ksh mksh lksh pdksh oksh rksh ash hush sash fish csh tcsh rbash rzsh yash posh osh ysh nu elvish xonsh pwsh powershell",
  code("shell", "a shell runs whatever it is told"),
);
add(
  "node nodejs bun deno python python2 python3 pypy pypy3 perl ruby irb php lua luajit tclsh wish expect guile julia R Rscript " +
    "java jshell groovy scala kotlin ghci runghc ocaml erl elixir iex osascript sqlite3 psql mysql gnuplot bc",
  code("interpreter", "an interpreter runs whatever it is told"),
);
add("awk gawk mawk nawk", code("awk.program", "an awk program can start other programs and write files"));
add(
  "env nice nohup timeout setsid stdbuf xargs time ionice chrt taskset watch script strace ltrace gdb lldb unshare nsenter " +
    "chroot parallel flock runuser setpriv setarch linux32 linux64 i386 prlimit systemd-run at batch busybox toybox exec " +
    "xvfb-run unbuffer faketime proot fakeroot rlwrap valgrind perf ld.so ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 command builtin eval " +
    "run-parts start-stop-daemon logsave socat ncat dbus-run-session entr capsh pkexec",
  code("wrapper", "it starts the program that its words name"),
);
add("sudo su doas runas", code("privilege", "it starts a program as somebody else"));
add(
  "npm npx pnpm pnpx yarn bunx corepack pip pip3 pipx uv uvx poetry gem bundle cargo rustup go make gmake cmake ninja meson just " +
    "rake task gradle mvn ant bazel tox nox pytest jest vitest tsc eslint composer mix cabal stack dotnet msbuild",
  code("build-tool", "it runs scripts that the workspace names"),
);
add(
  "docker podman nerdctl kubectl helm terraform ansible ansible-playbook vagrant systemctl service crontab launchctl mount umount insmod modprobe",
  code("system", "it runs or changes what stands outside of the workspace"),
);
add(
  "ssh scp sftp slogin mosh telnet ftp lftp",
  code("ssh", "it reaches other machines, and its options start programs"),
);
add(
  "vi vim nvim view ex ed emacs nano pico less more most man info pg screen tmux",
  code("escape", "programs of that kind start others from within"),
);
add("openssl gpg git-lfs", code("crypto", "its options load code or start programs"));
add("git", { ...code("git", "git starts programs"), judge: classifyGit });
add("sed gsed", {
  ...code("sed.program", "a sed script can start programs and write files"),
  judge: classifySed,
});

const plainSed =
  /^(?:\d+|\$)?(?:,(?:\d+|\$))?(?:[pdq=]|s([/|#,:])(?:(?!\1)[^\\\n]|\\.)*\1(?:(?!\1)[^\\\n]|\\.)*\1[gpiI0-9]*)$/;

/** Only scripts that are plainly a replacement, or print and drop lines, are taken for harmless. */
function classifySed(args: readonly string[]): Finding {
  const program = {
    class: "arbitrary-code",
    rule: "builtin.sed.program",
    why: "a sed script can start programs and write files",
  } as const;
  if (
    hasLong(args, ["--file", "--expression"]) ||
    hasShort(
      args.filter((arg) => !/^-[nEri]+$/.test(arg)),
      "fe",
    )
  )
    return program;
  const script = args.find((arg) => !arg.startsWith("-"));
  if (script === undefined || !script.split(/;\s*|\n/).every((each) => plainSed.test(each.trim())))
    return program;
  return hasShort(args, "i") || hasLong(args, ["--in-place"])
    ? { class: "writes-workspace", rule: "builtin.sed.in-place", why: "it changes files" }
    : { ...reads, rule: "builtin.sed.reader" };
}

/** What is known of a program of that name. */
export function findProgram(name: string): Program | undefined {
  return table.get(name);
}

/** What a program's flags make of it; the gravest counts, and it stands first in the table. */
export function judgeProgram(program: Program, args: readonly string[]): Finding {
  if (program.judge) return program.judge(args);
  const raise = program.raises?.find(
    ({ long, short, words }) =>
      (long !== undefined && hasLong(args, long)) ||
      (short !== undefined && hasShort(args, short)) ||
      (words !== undefined && args.some((arg) => words.test(arg))),
  );
  const { class: own, rule, why } = program;
  return raise ? { class: raise.to, rule: raise.rule, why: raise.why } : { class: own, rule, why };
}

const bash = `# seqctl completion for bash. Put this in ~/.bashrc:  eval "$(seqctl completion bash)"
_seqctl() {
  local words word
  # Bash takes ':' and '=' for ends of words; what stands before the cursor is taken as typed.
  words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=()
  while IFS= read -r word; do
    [ -n "$word" ] && COMPREPLY+=("$word")
  done < <("\${COMP_WORDS[0]}" completion words -- "\${words[@]}" 2>/dev/null)
}
complete -o default -F _seqctl seqctl
`;

const zsh = `#compdef seqctl
# seqctl completion for zsh. Put this in ~/.zshrc:  eval "$(seqctl completion zsh)"
_seqctl() {
  local -a candidates
  candidates=("\${(@f)$("\${words[1]}" completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  candidates=(\${candidates:#})
  if (( \${#candidates} )); then compadd -a candidates; else _files; fi
}
compdef _seqctl seqctl
`;

const fish = `# seqctl completion for fish. Put this in ~/.config/fish/config.fish:  seqctl completion fish | source
function __seqctl_complete
  set -l words (commandline -opc) (commandline -ct)
  command $words[1] completion words -- $words[2..-1] 2>/dev/null
end
complete -c seqctl -f -n 'count (__seqctl_complete) >/dev/null' -a '(__seqctl_complete)'
`;

/** The script that makes a shell ask seqctl for what the word under the cursor could become. */
export function completionScript(shell: "bash" | "zsh" | "fish"): string {
  return { bash, zsh, fish }[shell];
}

// The scripts that shells read. Each hands the line up to the cursor to `lossc complete`, which says what may follow:
// lines of a word and what it is, and `:files` where a file's name belongs, `:nospace` where a word goes on.

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

export const scripts: { readonly [S in Shell]: string } = {
  bash: `# lossc: completion for bash. In ~/.bashrc: eval "$(lossc completion bash)"
_lossc() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      :files) compopt -o default 2>/dev/null ;;
      :nospace) compopt -o nospace 2>/dev/null ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <(lossc complete bash "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
}
complete -F _lossc lossc`,
  zsh: `#compdef lossc
# lossc: completion for zsh. In ~/.zshrc, after compinit: eval "$(lossc completion zsh)"
_lossc() {
  local line
  local -a values shown more
  while IFS= read -r line; do
    case "$line" in
      :files) _files ;;
      :nospace) more=(-S '') ;;
      *) values+=("\${line%%$'\\t'*}"); shown+=("\${line/$'\\t'/  }") ;;
    esac
  done < <(lossc complete zsh "$LBUFFER" 2>/dev/null)
  (( $#values )) && compadd "\${more[@]}" -l -d shown -a values
}
# As a file _lossc in $fpath it is itself called to complete.
if [[ "\${funcstack[1]}" == _lossc ]]; then _lossc "$@"; else compdef _lossc lossc; fi`,
  fish: `# lossc: completion for fish. Into ~/.config/fish/completions/lossc.fish
function __lossc_complete
    for line in (lossc complete fish (commandline -cp) 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path (commandline -ct)
            case ':nospace'
            case '*'
                echo $line
        end
    end
end
complete -c lossc -f -a '(__lossc_complete)'`,
};

# TAB for medtrack in bash: verbs, options, and the names of medications and people.
# To have it in every shell:
#   medtrack completion bash > ~/.medtrack-completion.bash
#   echo 'source ~/.medtrack-completion.bash' >> ~/.bashrc
# What is set before the command (MEDTRACK_DB=...) bash does not tell: use --db or --person, or export it.

_medtrack() {
    local program=$1 line
    [[ $program == "~/"* ]] && program=$HOME/${program:2}
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == $'\t' ]]; then
            compopt -o default 2>/dev/null
        else
            COMPREPLY+=("$line")
        fi
    done < <(printf '%s\0' "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" | "$program" __complete bash 2>/dev/null)
}
complete -F _medtrack medtrack

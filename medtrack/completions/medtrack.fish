# TAB for medtrack in fish: verbs, options, and the names of medications and people.
# To have it in every shell:
#   mkdir -p ~/.config/fish/completions
#   medtrack completion fish > ~/.config/fish/completions/medtrack.fish

function __medtrack_offered
    set -l given (commandline -opc)
    set -l begun (commandline -ct)
    set -l program (string replace -r '^~(?=/)' $HOME -- $given[1])
    for line in (printf '%s\0' $given[2..-1] "$begun" | $program __complete fish 2>/dev/null)
        if test "$line" = \t
            if string match -qr '^--[^=]+=' -- "$begun"
                set -l parts (string split -m 1 = -- "$begun")
                printf '%s\n' $parts[1]=(__fish_complete_path "$parts[2]")
            else
                __fish_complete_path "$begun"
            end
        else
            printf '%s\n' $line
        end
    end
end

complete -c medtrack -f -a '(__medtrack_offered)'

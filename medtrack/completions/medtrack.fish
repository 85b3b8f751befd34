# TAB for medtrack in fish: verbs, options, and the names of medications and people.
# To have it in every shell:
#   mkdir -p ~/.config/fish/completions
#   medtrack completion fish > ~/.config/fish/completions/medtrack.fish

function __medtrack_asked
    set -l line (commandline -pc)
    set -l given (commandline -opc)
    set -l program (string replace -r '^~(?=/)' $HOME -- $given[1])
    set -l begun (commandline -ct)
    # fish takes the quotes off before it says what was typed: in single ones $HOME is no home.
    if not string match -qr '[\'\\\\]\{?\$HOME' -- "$line"
        set given (string replace -r '^(--[^=]+=)?"?(\{\$HOME\}|\$HOME(?=/|$))' '$1'(string replace -a '$' '\$\$' -- $HOME) -- $given)
    end
    printf '%s\0' $given[2..-1] "$begun" | $program __complete fish 2>/dev/null
end

function __medtrack_wants_files
    string match -q \t -- (__medtrack_asked)
end

function __medtrack_offered
    for line in (__medtrack_asked)
        test "$line" = \t; or printf '%s\n' $line
    end
end

complete -c medtrack -f -a '(__medtrack_offered)'
# fish itself completes files: it knows what ~ is.
complete -c medtrack -n __medtrack_wants_files -F

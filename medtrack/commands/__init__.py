"""One verb, one file: unpack what was typed, call one service, emit its report."""

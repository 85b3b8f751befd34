"""What is due, as one line for a shell prompt. It loads nothing: it is asked at every prompt."""


def prompt_line(due: int, overdue: int) -> str:
    """What is due in at most 60 characters; empty where nothing is.

    It names no medication: a prompt is read over shoulders.
    """
    counts = ((overdue, "overdue"), (due, "due"))
    return ", ".join(f"{count:,} dose{'' if count == 1 else 's'} {state}" for count, state in counts if count)

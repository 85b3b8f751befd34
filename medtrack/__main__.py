"""The entry point: `medtrack`, and `python -m medtrack`."""

import gc

# A command makes next to no garbage before it ends; looking for it while everything is imported costs a
# twentieth of the time.
gc.disable()

from medtrack.app import main  # noqa: E402

if __name__ == "__main__":
    main()

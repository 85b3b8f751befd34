"""The entry point: `medtrack`, and `python -m medtrack`."""

import gc
import os

# A command makes next to no garbage before it ends; looking for it while everything is imported costs a
# twentieth of the time.
gc.disable()

try:
    from medtrack.app import main
except KeyboardInterrupt:
    os._exit(130)

if __name__ == "__main__":
    main()

"""`python -m medtrack`."""

from medtrack.app import main

if __name__ == "__main__":
    main()

"""What is worth a call to the pharmacist: names read, and findings about what is taken together.

Pure functions over a knowledge pack that somebody else reads from disk. Nothing here says 'safe': a check
gives what it found, what it checked it against, and what it did not check.
"""

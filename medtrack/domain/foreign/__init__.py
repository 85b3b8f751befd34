"""Data about medicines that a person downloads, read from the publishers' own formats.

Pure functions from lines or documents to rows: no file is opened here, and nothing is kept in memory that
grows with a file, but for the ANSM thesaurus, which is one JSON document of a few megabytes. What is not in
its format raises ImportRefused with the line.
"""

"""Values and pure functions: no clock, no file, no SQL, no screen."""

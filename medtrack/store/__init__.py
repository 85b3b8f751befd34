"""The only SQL: connection, schema, and statements that turn rows into domain values and back."""

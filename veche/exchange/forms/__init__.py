"""Shape and cleaning of what the pages of imports and exports send."""

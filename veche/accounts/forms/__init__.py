"""Shape and cleaning of what the pages of users and of signing in send."""

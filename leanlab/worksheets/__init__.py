"""What a user can fill in: one declaration each."""

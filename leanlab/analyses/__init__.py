"""What a user can run on data: one declaration each."""

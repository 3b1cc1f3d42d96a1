"""People across all that is recorded of them: on paper, merged, asked for, and who looked at them."""

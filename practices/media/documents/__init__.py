"""What documents are, and what they say beyond what one sees in them. Runs in the process of `practices.media.reading`."""

"""Speed and memory, measured against floors in the same run."""
